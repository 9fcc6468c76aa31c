import type { InvoiceRow } from "../../api/types";
import { majorString } from "../../lib/format";
import { StateBadge } from "../../ui/Badge";
import { On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import type { Column, Filter } from "../../ui/table/columns";
import { invoiceKinds, invoiceLook, invoiceLooks } from "./words";

export const invoiceFilters: Filter[] = [
  { name: "state", label: "State", options: Object.entries(invoiceLooks).map(([value, look]) => ({ value, label: look.word })) },
];

export function invoiceColumns<T extends InvoiceRow>(): Column<T>[] {
  return [
    { key: "number", title: "Number", cell: (row) => row.number, sortBy: (row) => row.number, csv: (row) => row.number, phone: "first" },
    { key: "kind", title: "Kind", cell: (row) => invoiceKinds[row.kind], csv: (row) => invoiceKinds[row.kind], phone: "second" },
    { key: "state", title: "State", cell: (row) => <StateBadge look={invoiceLook(row)} />, csv: (row) => invoiceLook(row).word, phone: "second" },
    { key: "issued", title: "Issued", cell: (row) => <On on={row.issued_on} />, sortBy: (row) => row.issued_on, csv: (row) => row.issued_on, phone: "second" },
    { key: "due", title: "Due", cell: (row) => (row.due_on ? <On on={row.due_on} /> : <span className="text-ink-3">–</span>), sortBy: (row) => row.due_on ?? "", csv: (row) => row.due_on ?? "" },
    { key: "net", title: "Net", align: "right", extra: true, cell: (row) => <Money value={row.net} />, csv: (row) => majorString(row.net) },
    { key: "tax", title: "Tax", align: "right", extra: true, cell: (row) => <Money value={row.tax} />, csv: (row) => majorString(row.tax) },
    { key: "open", title: "Still due", align: "right", cell: (row) => (row.open.minor > 0 ? <Money value={row.open} /> : <span className="text-ink-3">–</span>), sortBy: (row) => row.open.minor, csv: (row) => majorString(row.open) },
    { key: "total", title: "Total", align: "right", cell: (row) => <Money value={row.total} />, sortBy: (row) => row.total.minor, csv: (row) => `${majorString(row.total)} ${row.total.currency}`, phone: "side" },
  ];
}
