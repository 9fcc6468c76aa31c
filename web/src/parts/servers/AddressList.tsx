import type { ReactNode } from "react";
import { Link } from "wouter";
import type { ExtraAddress } from "../../api/addresses";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { CopyText } from "../../ui/Copy";
import { Ago, At } from "../../ui/DateTime";
import { Money } from "../../ui/Money";

const looks: Record<ExtraAddress["state"], StateLook> = {
  awaiting_payment: { word: "To be paid", tone: "warn" },
  paid: { word: "Being added", tone: "info", moving: true },
  adding: { word: "Being added", tone: "info", moving: true },
  active: { word: "There", tone: "good" },
  leaving: { word: "Given back", tone: "neutral" },
  taking: { word: "Being taken", tone: "info", moving: true },
  gone: { word: "Gone", tone: "neutral" },
  refunded: { word: "Paid back", tone: "bad" },
  cancelled: { word: "Not wanted", tone: "neutral" },
  expired: { word: "Not paid", tone: "neutral" },
};

function Said({ row }: { row: ExtraAddress }) {
  if (row.state === "leaving" || row.state === "taking") return row.ends_at ? <>stays until <At at={row.ends_at} />, billed no more</> : null;
  if (row.error) return <>{row.error}</>;
  if (row.given_at) return <>since <Ago at={row.given_at} happened /></>;
  return <>bought <Ago at={row.created_at} happened /></>;
}

/** What was bought apart from the order, or given back; latest first. */
export function AddressList({ rows, staff, actions }: { rows: ExtraAddress[]; staff: boolean; actions?: (row: ExtraAddress) => ReactNode }) {
  return (
    <ul aria-label="Extra addresses" className="divide-y divide-line empty:hidden">
      {rows.map((row) => (
        <li key={row.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-2.5">
          <span className="min-w-0">
            {row.address ? <CopyText text={row.address} label="IPv4 address" /> : row.name}
            <span className="block text-sm text-ink-3"><Money value={row.price} /> a period, <Said row={row} />{row.invoice_id ? <> · <Link className="text-accent-text underline underline-offset-2" href={`${staff ? "/admin" : ""}/invoices/${row.invoice_id}`}>Invoice</Link></> : null}</span>
          </span>
          <span className="flex items-center gap-3"><StateBadge look={looks[row.state]} />{actions?.(row)}</span>
        </li>
      ))}
    </ul>
  );
}
