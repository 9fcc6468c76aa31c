import { Link } from "wouter";
import type { Quote } from "../../api/types";
import { formatExact, formatMoney } from "../../lib/format";
import { ExactPrice, Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";

export const isHourly = (quote: Quote) => quote.cycle === "hourly";

/** An hour of everything that is chosen; a visitor sees the plan's alone. */
export const perHour = (quote: Quote) => quote.hourly?.per_hour_exact ?? quote.per_hour_exact;

/** What the button says: nothing is paid before for hours. */
export function orderVerb(quote: Quote): string {
  return isHourly(quote) ? `Start for ${formatExact(perHour(quote), quote.currency)} per hour` : `Order for ${formatMoney(quote.total)}`;
}

/** What a server by the hour costs, at most, and whether the balance is enough to start it. */
export function HourlyFigures({ quote }: { quote: Quote }) {
  const tax = quote.tax_treatment;
  const hourly = quote.hourly;
  const missing = hourly ? hourly.needed.minor - hourly.spendable.minor : 0;
  const row = "contents";
  return (
    <>
      <dl className="grid grid-cols-[1fr_auto] gap-y-1.5 [&_dd]:pl-4">
        {perHour(quote) === quote.per_hour_exact ? null : <div className={row}><dt className="text-ink-2">Plan</dt><dd className="text-right"><ExactPrice amount={quote.per_hour_exact} currency={quote.currency} /></dd></div>}
        {hourly?.percent && quote.coupon ? <div className={row}><dt className="text-ink-2">Coupon {quote.coupon.code}{quote.coupon.periods ? `, ${quote.coupon.periods} ${quote.coupon.periods === 1 ? "month" : "months"}` : ""}</dt><dd className="num text-right">{hourly.percent} % off</dd></div> : null}
        {hourly?.addons.map((one) => <div key={one.name} className={row}><dt className="text-ink-2">{one.quantity > 1 ? `${one.quantity} × ` : ""}{one.name}{one.cap ? <span className="block text-sm text-ink-3">each at most {formatMoney(one.cap)} a month</span> : null}</dt><dd className="text-right"><ExactPrice amount={one.price_exact} currency={quote.currency} /></dd></div>)}
        <div className={row}><dt className="text-lg font-semibold">Per hour</dt><dd className="text-right text-lg font-semibold"><ExactPrice amount={perHour(quote)} currency={quote.currency} /></dd></div>
        {hourly?.cap ? <div className={row}><dt className="text-ink-2">Plan at most a month, by the list</dt><dd className="text-right"><Money value={hourly.cap} /></dd></div> : null}
        {hourly && hourly.setup.minor > 0 ? <div className={row}><dt className="text-ink-2">Set-up, once</dt><dd className="text-right"><Money value={hourly.setup} /></dd></div> : null}
        {hourly ? <div className={row}><dt className="border-t border-line pt-1.5 text-ink-2">Balance needed to start</dt><dd className="border-t border-line pt-1.5 text-right"><Money value={hourly.needed} /></dd></div> : null}
        {hourly ? <div className={row}><dt className="text-ink-2">Balance and credits</dt><dd className="text-right"><Money value={hourly.spendable} /></dd></div> : null}
      </dl>
      <p className="mt-2 text-sm text-ink-3">
        {Number(tax.rate) > 0 ? `${tax.label} ${tax.rate ? Number(tax.rate) * 100 : 0} % is reckoned on the hours. ` : ""}Each begun hour is paid from your balance; one invoice a month says what it came to. End it at any time.
      </p>
      {tax.note ? <p className="mt-1 text-sm text-ink-3">{tax.note}</p> : null}
      {hourly && missing > 0 ? (
        <div className="mt-3"><Notice tone="warn">Starting it needs <Money value={{ ...hourly.needed, minor: missing }} /> more in your balance. <Link className="underline underline-offset-2" href="/top-up">Top up</Link> and come back: what you have chosen is kept.</Notice></div>
      ) : null}
    </>
  );
}
