import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { transferQuery } from "../../api/ledger";
import type { Transfer } from "../../api/adminTypes";
import { Facts, Section } from "../../ui/Card";
import { CopyText, Id } from "../../ui/Copy";
import { At } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { SubjectLink } from "../subjects";
import { bookWord } from "./bookWords";

const linkClass = "text-accent-text underline underline-offset-2";

function Legs({ transfer }: { transfer: Transfer }) {
  return (
    <ul className="divide-y divide-line">
      {transfer.entries.map((entry) => (
        <li key={entry.id} className="flex items-baseline justify-between gap-4 px-4 py-2.5">
          <span className="min-w-0"><Link className={linkClass} href={`/admin/books/${entry.book_id}`}>{bookWord(entry.book)}</Link>{entry.account_name ? <span className="text-ink-3"> of {entry.account_name}</span> : null}</span>
          <span className="text-right"><Money signed value={entry.amount} className="font-medium" /><span className="block text-sm text-ink-3">balance after <Money value={entry.balance_after} /></span></span>
        </li>
      ))}
    </ul>
  );
}

/** One balanced movement of money: its entries, and what caused it. */
export function TransferPage() {
  const { id } = useParams<{ id: string }>();
  const { data: transfer, error, refetch } = useQuery(transferQuery(id));
  const crumbs = [{ label: "Books", href: "/admin/books" }];
  if (!transfer) return <Page title="Transfer" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-72 w-full" />}</Page>;
  return (
    <Page title={transfer.reason} narrow crumbs={crumbs} meta={<><At at={transfer.at} /><Id id={transfer.id} /></>}>
      <div className="space-y-5">
        <Section title="Entries" flush><Legs transfer={transfer} /></Section>
        <Section title="Cause"><Facts items={[
          ["Because of", <SubjectLink key="subject" subject={transfer.subject} />],
          ["Customer", transfer.account_id ? <Link key="account" className={linkClass} href={`/admin/customers/${transfer.account_id}`}>{transfer.account_name}</Link> : "–"],
          ["Done by", transfer.actor_kind], ["Key", <CopyText key="key" text={transfer.key} label="key" />],
        ]} /></Section>
      </div>
    </Page>
  );
}
