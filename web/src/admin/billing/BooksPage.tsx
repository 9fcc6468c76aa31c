import { useQuery } from "@tanstack/react-query";
import { booksQuery } from "../../api/admin";
import type { Book } from "../../api/adminTypes";
import { majorString } from "../../lib/format";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { MoneyTabs } from "./MoneyTabs";

const columns: Column<Book>[] = [
  { key: "book", title: "Book", cell: (row) => row.book, sortBy: (row) => row.book, csv: (row) => row.book, phone: "first" },
  { key: "currency", title: "Currency", cell: (row) => row.currency, csv: (row) => row.currency, phone: "second" },
  { key: "debit", title: "Debit", align: "right", cell: (row) => <Money value={row.debit} />, csv: (row) => majorString(row.debit) },
  { key: "credit", title: "Credit", align: "right", cell: (row) => <Money value={row.credit} />, csv: (row) => majorString(row.credit) },
  { key: "balance", title: "Balance", align: "right", cell: (row) => <Money value={row.balance} className="font-medium" />, csv: (row) => majorString(row.balance), phone: "side" },
];

export function BooksPage() {
  const query = useQuery(booksQuery);
  return (
    <Page title="Books">
      <MoneyTabs current="/admin/books" />
      <DataTable name="books" label="Trial balance" query={query} columns={columns} rowKey={(row) => `${row.book}-${row.currency}`}
        empty={<EmptyState title="The books are empty">The first payment opens them. Debits and credits of each currency always come out even.</EmptyState>} />
    </Page>
  );
}
