import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { askForProof, trialBalanceQuery } from "../../api/ledger";
import type { Book, Proof } from "../../api/adminTypes";
import { majorString } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Ago } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { toast, toastError } from "../../ui/Toast";
import { bookWord } from "./bookWords";
import { MoneyTabs } from "./MoneyTabs";

const columns: Column<Book>[] = [
  { key: "book", title: "Book", cell: (row) => bookWord(row.book), sortBy: (row) => row.book, csv: (row) => row.book, phone: "first" },
  { key: "currency", title: "Currency", cell: (row) => row.currency, csv: (row) => row.currency, phone: "second" },
  { key: "books", title: "Books", align: "right", cell: (row) => <span className="num">{row.books}</span>, csv: (row) => String(row.books) },
  { key: "debit", title: "Debit", align: "right", cell: (row) => <Money value={row.debit} />, csv: (row) => majorString(row.debit) },
  { key: "credit", title: "Credit", align: "right", cell: (row) => <Money value={row.credit} />, csv: (row) => majorString(row.credit) },
  { key: "balance", title: "Balance", align: "right", cell: (row) => <Money value={row.balance} className="font-medium" />, csv: (row) => majorString(row.balance), phone: "side" },
];

/** Debits and credits of each currency, summed here from the lines shown. */
function Sums({ books }: { books: Book[] }) {
  const currencies = [...new Set(books.map((book) => book.currency))];
  return currencies.map((currency) => {
    const own = books.filter((book) => book.currency === currency);
    const sum = (side: "debit" | "credit") => ({ currency, minor: own.reduce((total, book) => total + book[side].minor, 0) });
    const even = sum("debit").minor === sum("credit").minor;
    return <span key={currency} className={even ? "" : "text-bad"}>{currency}: <Money value={sum("debit")} /> {even ? "=" : "≠"} <Money value={sum("credit")} /></span>;
  });
}

function ProofLine({ proof }: { proof: Proof | null }) {
  if (!proof) return <span>Never proved</span>;
  return <span>Proved <Ago at={proof.at} />: {proof.books} books rebuilt from their entries, {proof.differences === 0 ? "all equal" : `${proof.differences} differ`}</span>;
}

export function BooksPage() {
  const query = useQuery(trialBalanceQuery);
  const [sending, setSending] = useState(false);
  const prove = async () => {
    setSending(true);
    try {
      await askForProof();
      toast("Every balance is being rebuilt");
      window.setTimeout(() => void query.refetch(), 2000);
    } catch (error) {
      toastError(error);
    } finally {
      setSending(false);
    }
  };
  const proof = query.data?.proof ?? null;
  return (
    <Page title="Books" meta={query.data ? <><Sums books={query.data.items} /><ProofLine proof={proof} /></> : null} action={<Button icon="check" busy={sending} onClick={() => void prove()}>Prove now</Button>}>
      <MoneyTabs current="/admin/books" />
      {proof && proof.differences > 0 ? <div className="mb-4"><Notice tone="bad" title="The ledger differs">{proof.differences} balances are not the sum of their entries. They stand on Home until they agree again.</Notice></div> : null}
      <DataTable name="books" label="Trial balance" query={query} columns={columns} rowKey={(row) => `${row.book}-${row.currency}`} rowHref={(row) => `/admin/books/of/${row.book}/${row.currency}`}
        empty={<EmptyState title="The books are empty">The first payment opens them. Debits and credits of each currency always come out even.</EmptyState>} />
    </Page>
  );
}
