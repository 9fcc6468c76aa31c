import type { PlanChangeQuote } from "../../api/planChanges";
import { cx } from "../../lib/cx";
import { formatMoney, formatNumber } from "../../lib/format";
import { At, On } from "../../ui/DateTime";
import { ExactPrice, Money } from "../../ui/Money";
import { cycleWords } from "../catalog/words";

const less = (value: { minor: number; currency: string }) => ({ ...value, minor: -value.minor });
const strong = "border-t border-line pt-2 text-lg font-semibold";

/** The arithmetic of a change now: what comes back, what the rest costs, each to the day. */
function Arithmetic({ quote }: { quote: PlanChangeQuote }) {
  const found = quote.proration;
  if (!found) return null;
  const tax = { ...quote.total, minor: found.charge.tax.minor - found.credit.tax.minor };
  return (
    <>
      <dl className="grid grid-cols-[1fr_auto] gap-y-1.5 [&>dd]:pl-4">
        <dt className="text-ink-2">{quote.plan_before.name}, unused<span className="block text-sm text-ink-3">{found.days_left} of {found.paid_days} days of {formatMoney(found.paid)}</span></dt>
        <dd className="text-right"><Money value={less(found.credit.gross)} /></dd>
        <dt className="text-ink-2">{quote.plan.name}<span className="block text-sm text-ink-3">{found.days_left} of {found.days_whole} days, until <On on={found.ends_on} /></span></dt>
        <dd className="text-right"><Money value={found.charge.gross} /></dd>
        {tax.minor === 0 ? null : <><dt className="text-sm text-ink-3">{quote.tax_treatment.label} in it{Number(quote.tax_treatment.rate) > 0 ? `, ${formatNumber(Number(quote.tax_treatment.rate) * 100, 3)} %` : ""}</dt><dd className="text-right text-sm text-ink-3"><Money value={tax} /></dd></>}
        {quote.total.minor < 0
          ? <><dt className={strong}>Back to the balance</dt><dd className={cx(strong, "text-right")}><Money value={quote.to_wallet} /></dd></>
          : <><dt className={strong}>To pay now</dt><dd className={cx(strong, "text-right")}><Money value={quote.total} /></dd></>}
      </dl>
      {quote.from_wallet.minor > 0 ? <p className="mt-1 text-sm text-ink-3">Paid from the balance at once.</p> : null}
      {quote.to_pay.minor > 0 ? <p className="mt-1 text-sm text-ink-3">The plan changes as soon as this is paid.</p> : null}
    </>
  );
}

/** What a change of a server by the hour means: nothing is paid now, its next hours have the new price. */
function Hours({ quote }: { quote: PlanChangeQuote }) {
  const found = quote.hourly;
  if (!found) return null;
  const price = (amount: string) => <ExactPrice amount={amount} currency={quote.total.currency} />;
  return (
    <dl className="grid grid-cols-[1fr_auto] gap-y-1.5 [&>dd]:pl-4 [&>dd]:text-right">
      <dt className="text-ink-2">{quote.plan_before.name}, until <At at={found.from_at} /></dt><dd>{price(found.price_exact_before)} per hour</dd>
      <dt className="text-ink-2">{quote.plan.name}, from then on</dt><dd className="font-semibold">{price(found.price_exact)} per hour</dd>
      {found.cap ? <><dt className="text-ink-2">At most a month, by the list</dt><dd><Money value={found.cap} /></dd></> : null}
      <dt className="text-ink-2">Balance and credits</dt><dd><Money value={found.spendable} /></dd>
    </dl>
  );
}

/** What a change means, in money and for the server. */
export function PlanQuote({ quote, old }: { quote: PlanChangeQuote; old: boolean }) {
  return (
    <div aria-live="polite" aria-busy={old} className={cx("transition-opacity duration-120", old && "opacity-50")}>
      {quote.hourly ? <Hours quote={quote} /> : quote.timing === "now" ? <Arithmetic quote={quote} /> : <p>Nothing is to be paid now. {quote.plan.id === quote.plan_before.id ? `Billing ${cycleWords[quote.cycle].name.toLowerCase()}` : quote.plan.name} begins on <On on={quote.effective_on} />; until then this can be taken back.</p>}
      <ul className="mt-3 space-y-1 border-t border-line pt-3 text-sm text-ink-2">
        {quote.hourly ? <li>A month costs at most the price of the dearest plan that ran in it. Its invoice shows both plans.</li> : <li>Next invoice for the period from <On on={quote.next_on} />: <Money value={quote.next_total} />{Number(quote.tax_treatment.rate) > 0 ? ` with ${quote.tax_treatment.label}` : ""}.</li>}
        {quote.cycle === quote.cycle_before ? null : <li>The plan is <Money value={quote.price} /> {cycleWords[quote.cycle].per} from then on; periods begin on the same day of the month as before.</li>}
        {quote.addons.map((one) => <li key={one.name}>{one.quantity > 1 ? `${one.quantity} × ` : ""}{one.name}: <Money value={one.price} /> {cycleWords[quote.cycle].per}.</li>)}
        {quote.coupon_ends ? <li>The coupon {quote.coupon_ends} belongs to the billing term of now and ends with it.</li> : null}
        <li>{quote.restarts ? "Its processors and memory change with the next restart of the server; you choose when." : "The server needs no restart."} Nothing on it is touched.</li>
        {quote.keeps_disk ? <li>Its disk stays as large as it is: a disk can’t be made smaller.</li> : null}
      </ul>
    </div>
  );
}
