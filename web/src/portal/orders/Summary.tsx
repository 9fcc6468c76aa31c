import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { brandQuery, quoteQuery } from "../../api/catalog";
import { offerQuery } from "../../api/orders";
import type { Image, Location, OfferRequest, Plan, Quote } from "../../api/types";
import { cx } from "../../lib/cx";
import { PlaceText } from "../../parts/catalog/Marks";
import { cycleWords, sizeWords } from "../../parts/catalog/words";
import { buttonClass } from "../../ui/Button";
import { On } from "../../ui/DateTime";
import { ExactPrice, Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { isApiError, sayError } from "../../lib/errors";
import { formatNumber } from "../../lib/format";
import { HourlyFigures, isHourly, perHour } from "./Hourly";

function Lines({ quote }: { quote: Quote }) {
  const less = quote.discount.minor > 0;
  return (
    <>
      {quote.lines.map((line) => (
        <div key={`${line.kind}-${line.description}`} className="contents">
          <dt className="text-ink-2">{line.quantity > 1 ? `${line.quantity} × ` : ""}{line.description}</dt>
          <dd className="text-right"><Money value={{ ...line.price, minor: line.price.minor * line.quantity }} /></dd>
        </div>
      ))}
      {less ? <><dt className="text-good">Coupon {quote.coupon?.code}{quote.coupon?.periods === 1 ? ", this time" : ""}</dt><dd className="text-right text-good"><Money value={{ ...quote.discount, minor: -quote.discount.minor }} /></dd></> : null}
    </>
  );
}

function Figures({ quote, old }: { quote: Quote; old: boolean }) {
  return (
    <div aria-live="polite" aria-busy={old} className={cx("transition-opacity duration-120", old && "opacity-50")}>
      {isHourly(quote) ? <HourlyFigures quote={quote} /> : <PeriodFigures quote={quote} />}
    </div>
  );
}

function PeriodFigures({ quote }: { quote: Quote }) {
  const tax = quote.tax_treatment;
  return (
    <>
      {quote.trial_days > 0 ? <p className="mb-2 text-good">Free for {quote.trial_days} days.</p> : null}
      <dl className="grid grid-cols-[1fr_auto] gap-y-1.5 [&>dd]:pl-4 [&>.contents>dd]:pl-4">
        <Lines quote={quote} />
        <dt className="border-t border-line pt-1.5 text-ink-3">Net</dt><dd className="border-t border-line pt-1.5 text-right"><Money value={quote.net} /></dd>
        <dt className="text-ink-3">{tax.label}{Number(tax.rate) > 0 ? ` ${formatNumber(Number(tax.rate) * 100, 3)} %` : ""}</dt><dd className="text-right"><Money value={quote.tax} /></dd>
        <dt className="border-t border-line pt-2 text-lg font-semibold">Total today</dt><dd className="border-t border-line pt-2 text-right text-lg font-semibold"><Money value={quote.total} /></dd>
      </dl>
      <p className="num mt-2 text-sm text-ink-3">
        Next invoice <On on={quote.next_invoice_on} />: <Money value={quote.next_total} />. The plan alone is <Money value={quote.per_month} /> per month, <ExactPrice amount={quote.per_hour_exact} currency={quote.currency} /> per hour.
      </p>
      {tax.note ? <p className="mt-1 text-sm text-ink-3">{tax.note}</p> : null}
    </>
  );
}

const ofCoupon = (error: unknown) => (isApiError(error) ? error.errors.find((each) => each.field === "coupon")?.message : undefined);

/** The price: for an account with its own prices and tax, for a visitor as the list says. A code that is refused is said beside its field and left out. */
export function useQuote(request: OfferRequest | null, currency: string | undefined, accountId: string | undefined) {
  const plain = request ? { ...request, coupon: "" } : null;
  const asVisitor = (asked: OfferRequest | null) => (asked && !accountId ? { ...asked, ...(currency ? { currency } : {}) } : null);
  const offer = useQuery({ ...offerQuery(accountId ?? "", accountId ? request : null), placeholderData: keepPreviousData });
  const list = useQuery({ ...quoteQuery(asVisitor(request)), retry: false, placeholderData: keepPreviousData });
  const asked = accountId ? offer : list;
  const couponError = request?.coupon ? ofCoupon(asked.error) : undefined;
  const offerWithout = useQuery(offerQuery(accountId ?? "", accountId && couponError ? plain : null));
  const listWithout = useQuery(quoteQuery(couponError ? asVisitor(plain) : null));
  const { data, error, isFetching, isPlaceholderData } = couponError ? (accountId ? offerWithout : listWithout) : asked;
  return { data, error, isFetching, isPlaceholderData, couponError };
}

/** On a narrow screen the summary lies below the choices; this keeps the price in sight. */
export function PriceBar({ quote, ready }: { quote: ReturnType<typeof useQuote>; ready: boolean }) {
  if (!ready || !quote.data) return null;
  return (
    <div className="sticky bottom-0 z-30 -mx-4 mt-6 flex items-center justify-between gap-4 border-t border-line bg-surface px-4 py-2.5 pb-[calc(0.625rem+env(safe-area-inset-bottom))] md:-mx-8 md:px-8 lg:hidden">
      <span>{isHourly(quote.data) ? <><span className="block text-xs text-ink-3">Per hour</span><span className="text-lg font-semibold"><ExactPrice amount={perHour(quote.data)} currency={quote.data.currency} /></span></> : <><span className="block text-xs text-ink-3">Total today</span><Money value={quote.data.total} className="text-lg font-semibold" /></>}</span>
      <a href="#summary" className={buttonClass("plain", "large")}>Review the order</a>
    </div>
  );
}

type SummaryProps = {
  quote: ReturnType<typeof useQuote>; ready: boolean; plan: Plan | undefined; place: Location | undefined; image: Image | undefined; coupon: ReactNode; button: ReactNode; failure: ReactNode;
};

/** What is chosen and what it costs, reckoned by the server, in sight the whole time. */
export function Summary({ quote, ready, plan, place, image, coupon, button, failure }: SummaryProps) {
  const brand = useQuery(brandQuery).data;
  return (
    <aside id="summary" aria-label="Your order" className="scroll-mt-4 rounded border border-line bg-surface p-4 lg:sticky lg:top-4">
      <h2 className="text-lg">Your order</h2>
      <ul className="mt-2 mb-4 space-y-1 text-ink-2">
        <li>{place ? <PlaceText place={place} /> : <span className="text-ink-3">No location yet</span>}</li>
        <li>{image ? image.name : <span className="text-ink-3">No system yet</span>}</li>
        <li>{plan ? <>{plan.name}: {sizeWords(plan)}</> : <span className="text-ink-3">No plan yet</span>}</li>
      </ul>
      {quote.error && ready ? <Notice tone="warn">{sayError(quote.error)}</Notice>
        : quote.data && ready ? <Figures quote={quote.data} old={quote.isPlaceholderData || quote.isFetching} />
        : <p className="border-t border-line pt-3 text-ink-3">Choose a location and a plan to see what it costs.</p>}
      {ready && quote.data?.stock === "sold_out" ? <div className="mt-3"><Notice tone="warn">This has just sold out here. Choose another location or plan.</Notice></div> : null}
      {ready ? <div className="mt-4">{coupon}</div> : null}
      <div className="mt-4 space-y-2.5">{failure}{button}</div>
      <p className="mt-2.5 text-sm text-ink-3">
        {quote.data && isHourly(quote.data) ? "" : `You pay on the next page${brand?.paypal ? ", with PayPal or from your balance" : ""}. `}{ready && quote.data && !isHourly(quote.data) ? `Billed ${cycleWords[quote.data.cycle].name.toLowerCase()}; cancel any time before the next invoice.` : ""}
        {brand?.terms_url ? <> The <a className="underline underline-offset-2" href={brand.terms_url} target="_blank" rel="noreferrer">terms</a> apply.</> : null}
      </p>
    </aside>
  );
}
