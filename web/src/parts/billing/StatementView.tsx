import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { statementCsvPath, statementPdf, statementQuery } from "../../api/invoicing";
import type { Statement } from "../../api/types";
import { today } from "../../lib/format";
import { useUrl } from "../../lib/url";
import { Button, buttonClass } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Input } from "../../ui/controls";
import { On } from "../../ui/DateTime";
import { Field } from "../../ui/Field";
import { Icon } from "../../ui/Icon";
import { Money } from "../../ui/Money";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { toastError } from "../../ui/Toast";

const head = "border-b border-line-strong px-3 py-1.5 text-xs font-medium text-ink-3 first:pl-4 last:pr-4";
const cell = "px-3 py-2 first:pl-4 last:pr-4 align-top";

function Rows({ statement, invoices }: { statement: Statement; invoices: string }) {
  return (
    <div className="overflow-x-auto">
      <table aria-label="Movements" className="w-full">
        <thead><tr>
          <th scope="col" className={`${head} text-left`}>Date</th><th scope="col" className={`${head} text-left`}>What</th>
          <th scope="col" className={`${head} text-right`}>Charge</th><th scope="col" className={`${head} text-right`}>Credit</th><th scope="col" className={`${head} text-right`}>Balance</th>
        </tr></thead>
        <tbody className="divide-y divide-line">
          <tr className="text-ink-2"><td className={cell}><On on={statement.first} /></td><td className={cell} colSpan={3}>Balance before</td><td className={`${cell} text-right`}><Money value={statement.opening} /></td></tr>
          {statement.movements.map((row) => (
            <tr key={row.id}>
              <td className={cell}><On on={row.on} /></td>
              <td className={cell}>{row.invoice_id ? <Link className="text-accent-text underline underline-offset-2" href={`${invoices}/${row.invoice_id}`}>{row.description}</Link> : row.description}</td>
              <td className={`${cell} text-right`}>{row.charge ? <Money value={row.charge} /> : null}</td>
              <td className={`${cell} text-right`}>{row.credit ? <Money value={row.credit} /> : null}</td>
              <td className={`${cell} text-right`}><Money value={row.balance} /></td>
            </tr>
          ))}
          <tr className="font-semibold"><td className={cell}><On on={statement.last} /></td><td className={cell}>Balance at the end</td><td className={`${cell} text-right`}><Money value={statement.charges} /></td><td className={`${cell} text-right`}><Money value={statement.credits} /></td><td className={`${cell} text-right`}><Money value={statement.closing} /></td></tr>
        </tbody>
      </table>
    </div>
  );
}

/** A statement of account for a period that stands in the address. */
export function StatementView({ accountId, invoices, staff = false }: { accountId: string; invoices: string; staff?: boolean }) {
  const [params, change] = useUrl();
  const [sending, setSending] = useState(false);
  const last = params.get("last") ?? today();
  const days = { first: params.get("first") ?? `${last.slice(0, 7)}-01`, last };
  const { data: statement, error, refetch } = useQuery(statementQuery(accountId, days, staff));
  const download = async () => {
    setSending(true);
    try {
      location.assign(await statementPdf(accountId, days, staff));
    } catch (failure) {
      toastError(failure);
    } finally {
      setSending(false);
    }
  };
  return (
    <div className="space-y-4">
      <div className="no-print flex flex-wrap items-end gap-3">
        <Field label="From"><Input type="date" value={days.first} max={days.last} onChange={(event) => change({ first: event.target.value })} /></Field>
        <Field label="To"><Input type="date" value={days.last} onChange={(event) => change({ last: event.target.value })} /></Field>
        <span className="ml-auto flex gap-2">
          <a className={buttonClass()} href={statementCsvPath(accountId, days, staff)}><Icon name="download" />CSV</a>
          <Button icon="download" busy={sending} onClick={() => void download()}>PDF</Button>
        </span>
      </div>
      <Section flush>
        {statement ? <Rows statement={statement} invoices={invoices} /> : <div className="p-4">{error ? <ErrorState error={error} retry={refetch} /> : <SkeletonLines lines={5} />}</div>}
      </Section>
      <p className="text-sm text-ink-3">A balance above nothing is money to use; one below is owed. Unpaid proforma invoices are not part of it.</p>
    </div>
  );
}
