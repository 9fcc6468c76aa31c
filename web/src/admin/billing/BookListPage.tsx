import { useQuery } from "@tanstack/react-query";
import { useParams } from "wouter";
import { booksOfQuery } from "../../api/ledger";
import type { OneBook } from "../../api/adminTypes";
import { majorString } from "../../lib/format";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { bookWord } from "./bookWords";

const columns: Column<OneBook>[] = [
  { key: "owner", title: "Whose", cell: (row) => row.account_name ?? "The house", csv: (row) => row.account_name ?? "", phone: "first" },
  { key: "balance", title: "Balance", align: "right", cell: (row) => <Money value={row.balance} />, sortBy: (row) => row.balance.minor, csv: (row) => majorString(row.balance), phone: "side" },
];

/** The books behind one line of the trial balance. */
export function BookListPage() {
  const { kind = "", currency = "" } = useParams<{ kind: string; currency: string }>();
  const query = useQuery(booksOfQuery({ kind, currency, ...useListParams() }));
  return (
    <Page title={`${bookWord(kind)} ${currency}`} crumbs={[{ label: "Books", href: "/admin/books" }]}>
      <DataTable name="book-list" label="Books" query={query} columns={columns} rowKey={(row) => row.id} rowHref={(row) => `/admin/books/${row.id}`}
        empty={<EmptyState title="No such books">Nothing was ever booked here.</EmptyState>} />
    </Page>
  );
}
