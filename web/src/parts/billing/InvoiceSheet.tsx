import type { Invoice, InvoiceLine, Party } from "../../api/types";
import { countryName, formatDate, formatNumber } from "../../lib/format";
import { On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { ExplainLine } from "./ExplainLine";
import { invoiceKinds, invoiceLook } from "./words";

function PartyBlock({ party }: { party: Party }) {
  const lines = [
    party.company || party.name, party.company ? party.name : null, party.line1, party.line2,
    [party.postal_code, party.city].filter(Boolean).join(" "), party.state, party.country ? countryName(party.country) : null,
    party.tax_number ? `Tax number ${party.tax_number}` : null, party.registration,
  ].filter((line): line is string => Boolean(line));
  return (
    <address className="wrap-anywhere not-italic">
      {lines.map((line, at) => <span key={line} className={at === 0 ? "block font-medium" : "block text-ink-2"}>{line}</span>)}
    </address>
  );
}

function percent(rate: string): string {
  return `${formatNumber(Number(rate) * 100, 2)} %`;
}

function Line({ line }: { line: InvoiceLine }) {
  const period = line.period_start && line.period_end ? `${formatDate(line.period_start)} – ${formatDate(line.period_end)}` : null;
  return (
    <tr>
      <td className="py-2.5 pr-4 align-top">
        <span className="block font-medium">{line.description}</span>
        {line.detail ? <span className="block text-sm text-ink-3">{line.detail}</span> : null}
        {period ? <span className="num block text-sm text-ink-3">{period}</span> : null}
        <ExplainLine line={line} />
      </td>
      <td className="num hidden px-3 py-2.5 text-right align-top sm:table-cell">{formatNumber(Number(line.quantity), 4)}</td>
      <td className="hidden px-3 py-2.5 text-right align-top sm:table-cell"><Money value={line.unit_price} /></td>
      <td className="num hidden px-3 py-2.5 text-right align-top text-ink-3 sm:table-cell">{percent(line.tax_rate)}</td>
      <td className="py-2.5 pl-3 text-right align-top"><Money value={line.net} /></td>
    </tr>
  );
}

const head = "border-b border-line-strong pb-1.5 text-xs font-medium text-ink-3";

/** The invoice as it will be printed. */
export function InvoiceSheet({ invoice }: { invoice: Invoice }) {
  const look = invoiceLook(invoice);
  const due = invoice.state === "open" ? invoice.open : null;
  return (
    <article aria-label={`${invoiceKinds[invoice.kind]} ${invoice.number}`} className="min-w-0 rounded border border-line bg-surface px-5 py-6 sm:px-10 sm:py-9 print:border-0">
      <div className="mb-8 flex flex-wrap justify-between gap-6">
        <div><p className="text-2xl font-semibold">{invoiceKinds[invoice.kind]}</p><p className="mt-1 text-ink-2">{invoice.number}</p></div>
        <dl className="num grid grid-cols-[auto_auto] gap-x-5 gap-y-0.5 text-right">
          <dt className="text-ink-3">Issued</dt><dd><On on={invoice.issued_on} /></dd>
          {invoice.due_on && invoice.kind !== "credit_note" ? <><dt className="text-ink-3">Due</dt><dd><On on={invoice.due_on} /></dd></> : null}
          <dt className="text-ink-3">State</dt><dd>{look.word}</dd>
        </dl>
      </div>
      <div className="mb-8 grid gap-6 sm:grid-cols-2">
        <div><p className="mb-1 text-xs text-ink-3">From</p><PartyBlock party={invoice.seller} /></div>
        <div><p className="mb-1 text-xs text-ink-3">To</p><PartyBlock party={invoice.buyer} /></div>
      </div>
      <div className="overflow-x-auto print:overflow-visible">
        <table aria-label="Lines" className="w-full">
          <thead>
            <tr>
              <th scope="col" className={`${head} pr-4 text-left`}>Description</th>
              <th scope="col" className={`${head} hidden px-3 text-right sm:table-cell`}>Quantity</th>
              <th scope="col" className={`${head} hidden px-3 text-right sm:table-cell`}>Unit price</th>
              <th scope="col" className={`${head} hidden px-3 text-right sm:table-cell`}>Tax</th>
              <th scope="col" className={`${head} pl-3 text-right`}>Net</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">{invoice.lines.map((line) => <Line key={line.id} line={line} />)}</tbody>
        </table>
      </div>
      <dl className="mt-4 ml-auto grid w-full max-w-72 grid-cols-[1fr_auto] gap-x-6 gap-y-1.5 border-t border-line-strong pt-3 text-right">
        <dt className="text-left text-ink-3">Net</dt><dd><Money value={invoice.net} /></dd>
        <dt className="text-left text-ink-3">Tax</dt><dd><Money value={invoice.tax} /></dd>
        <dt className="text-left font-semibold">Total</dt><dd className="font-semibold"><Money value={invoice.total} /></dd>
        {invoice.credited.minor > 0 ? <><dt className="text-left text-ink-3">Credited</dt><dd><Money value={{ ...invoice.credited, minor: -invoice.credited.minor }} /></dd></> : null}
        {due && due.minor !== invoice.total.minor ? <><dt className="text-left font-semibold">Still due</dt><dd className="font-semibold"><Money value={due} /></dd></> : null}
      </dl>
      {invoice.tax_note ? <p className="mt-8 text-ink-2">{invoice.tax_note}</p> : null}
      {invoice.seller.bank ? <p className="mt-8 text-sm text-ink-3">{invoice.seller.bank}</p> : null}
    </article>
  );
}
