import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { bookQuery, entriesQuery } from "../../api/ledger";
import type { BookEntry } from "../../api/adminTypes";
import { majorString } from "../../lib/format";
import { Id } from "../../ui/Copy";
import { At } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { SubjectLink } from "../subjects";
import { bookWord } from "./bookWords";

const columns: Column<BookEntry>[] = [
  { key: "reason", title: "What", cell: (row) => row.reason, csv: (row) => row.reason, phone: "first" },
  { key: "at", title: "When", cell: (row) => <At at={row.at} />, csv: (row) => row.at, phone: "second" },
  { key: "cause", title: "Cause", cell: (row) => <SubjectLink subject={row.subject} />, csv: (row) => row.subject?.id ?? "" },
  { key: "amount", title: "Amount", align: "right", cell: (row) => <Money signed value={row.amount} />, csv: (row) => majorString(row.amount), phone: "side" },
  { key: "after", title: "Balance after", align: "right", cell: (row) => <Money value={row.balance_after} />, csv: (row) => majorString(row.balance_after) },
];

/** One book with every entry that moved it. */
export function BookPage() {
  const { id } = useParams<{ id: string }>();
  const book = useQuery(bookQuery(id)).data;
  const query = useQuery(entriesQuery(id, useListParams()));
  const crumbs = [{ label: "Books", href: "/admin/books" }];
  if (book) crumbs.push({ label: `${bookWord(book.book)} ${book.balance.currency}`, href: `/admin/books/of/${book.book}/${book.balance.currency}` });
  return (
    <Page title={book ? (book.account_name ?? bookWord(book.book)) : "Book"} crumbs={crumbs}
      meta={book ? <><span>Balance <Money value={book.balance} className="font-medium text-ink" /></span>{book.account_id ? <Link className="text-accent-text underline underline-offset-2" href={`/admin/customers/${book.account_id}`}>Customer</Link> : null}<Id id={book.id} /></> : null}>
      <DataTable name="book-entries" label="Entries" query={query} columns={columns} rowKey={(row) => row.id} rowHref={(row) => `/admin/transfers/${row.transfer_id}`}
        empty={<EmptyState title="No entries">Nothing was ever booked here.</EmptyState>} />
    </Page>
  );
}
