import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { type ActDone, actsQuery, type Parked, runPreviewQuery } from "../../api/adminRenewals";
import { formatMoney } from "../../lib/format";
import { useUrl } from "../../lib/url";
import { useStaffMay } from "../../parts/identity/session";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Select } from "../../ui/controls";
import { Ago, At } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { Tabs } from "../../ui/Tabs";
import { MoneyTabs } from "../billing/MoneyTabs";
import { ActDays } from "./ActDays";
import { RunGateCard } from "./RunGateCard";
import { RunTotals } from "./RunTotals";
import { actWords, outcomeLook, stepWords, unparkRequest } from "./words";

type Ask = (request: ConfirmRequest) => void;
const link = "underline underline-offset-2";
const none = <span className="text-ink-3">–</span>;

function ParkedServices({ parked, ask }: { parked: Parked[]; ask: Ask }) {
  const may = useStaffMay("renewals.edit");
  if (parked.length === 0) return null;
  return (
    <Section flush title="Parked" className="mb-5" aside={<span className="text-sm text-ink-3">The run passes over these</span>}>
      <ul className="divide-y divide-line">
        {parked.map((each) => (
          <li key={each.service_id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-2">
            <span className="min-w-0 flex-1 basis-60">
              <Link href={`/admin/services/${each.service_id}`} className="font-medium hover:underline">{each.service_name}</Link> <span className="text-ink-3">of <Link href={`/admin/customers/${each.account_id}`} className={link}>{each.account_name}</Link></span>
              <span className="block wrap-anywhere">{each.reason}</span>
              <span className="block text-sm text-ink-3">Parked <Ago at={each.parked_at} happened />{each.next_step && each.next_at ? <>; next: {stepWords[each.next_step]}, <At at={each.next_at} /></> : null}</span>
            </span>
            {may ? <Button onClick={() => ask(unparkRequest(each))}>Let it go on<span className="sr-only">: {each.service_name}</span></Button> : null}
          </li>
        ))}
      </ul>
    </Section>
  );
}

const spans = [7, 30, 90];

function Ahead({ ask }: { ask: Ask }) {
  const [params, change] = useUrl();
  const days = spans.find((span) => String(span) === params.get("days")) ?? 30;
  const { data: preview, error, refetch } = useQuery(runPreviewQuery(days));
  return (
    <>
      <Select aria-label="How far ahead" className="mb-4 w-44" value={String(days)} onChange={(event) => change({ days: event.target.value })}>
        {spans.map((span) => <option key={span} value={String(span)}>Next {span} days</option>)}
      </Select>
      {preview ? <><ParkedServices parked={preview.parked} ask={ask} /><RunGateCard preview={preview} ask={ask} /><RunTotals preview={preview} /><ActDays preview={preview} ask={ask} /></>
        : error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-96 w-full" />}
    </>
  );
}

function Outcome({ outcome }: { outcome: ActDone["outcome"] }) {
  const look = outcomeLook(outcome);
  return look ? <StateBadge look={look} /> : <StateBadge look={{ word: "Done", tone: "good" }} />;
}

const columns: Column<ActDone>[] = [
  { key: "step", title: "Step", cell: actWords, csv: actWords, phone: "first", className: "font-medium" },
  { key: "at", title: "When", cell: (row) => <At at={row.at} />, csv: (row) => row.at, phone: "second" },
  { key: "customer", title: "Customer", cell: (row) => <Link href={`/admin/customers/${row.account_id}`} className={link}>{row.account_name}</Link>, csv: (row) => row.account_name, phone: "second" },
  { key: "service", title: "Service", cell: (row) => <Link href={`/admin/services/${row.service_id}`} className={link}>{row.service_name}</Link>, csv: (row) => row.service_name, phone: "second" },
  { key: "period", title: "Period", align: "right", cell: (row) => row.period, csv: (row) => String(row.period) },
  { key: "outcome", title: "Outcome", cell: (row) => <Outcome outcome={row.outcome} />, csv: (row) => row.outcome, phone: "second" },
  { key: "amount", title: "Amount", align: "right", cell: (row) => (row.amount ? <Money value={row.amount} /> : none), csv: (row) => (row.amount ? formatMoney(row.amount) : ""), phone: "side" },
];

function Happened() {
  const query = useQuery(actsQuery(useListParams()));
  return (
    <DataTable name="billing-acts" label="What the run did" query={query} columns={columns} rowKey={(row) => row.id}
      empty={<EmptyState title="The run has done nothing yet">Each invoice, charge, reminder and end will stand here.</EmptyState>} />
  );
}

export function BillingRunPage() {
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  return (
    <Page title="Billing run">
      <MoneyTabs current="/admin/billing-run" />
      <Tabs label="Billing run" tabs={[{ id: "ahead", label: "What will happen", content: <Ahead ask={setAsking} /> }, { id: "happened", label: "What happened", content: <Happened /> }]} />
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}
