import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useParams } from "wouter";
import { type Coupon, couponQuery, editCoupon, type Redemption, redemptionsQuery } from "../../api/prices";
import { queryClient } from "../../api/query";
import { formatMoney } from "../../lib/format";
import { cycleWords } from "../../parts/catalog/words";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Ago, At } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { couponLook, couponOff } from "./AdminCouponsPage";
import { useChoices } from "./useChoices";

const crumbs = [{ label: "Coupons", href: "/admin/coupons" }];
const columns: Column<Redemption>[] = [
  { key: "customer", title: "Customer", cell: (row) => <Link href={`/admin/customers/${row.account_id}`} className="underline underline-offset-2">{row.account_name}</Link>, csv: (row) => row.account_name, phone: "first" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={row.released_at ? { word: "Given back", tone: "neutral" } : { word: "Counts", tone: "good" }} />, csv: (row) => (row.released_at ? "given back" : "counts"), phone: "side" },
  { key: "saved", title: "Saved at the start", align: "right", cell: (row) => <Money value={row.saved} />, csv: (row) => formatMoney(row.saved), phone: "second" },
  { key: "when", title: "When", cell: (row) => <Ago at={row.created_at} happened />, csv: (row) => row.created_at, phone: "second" },
  { key: "order", title: "Order", cell: (row) => <Link href={`/admin/orders/${row.order_id}`} className="underline underline-offset-2">Open<span className="sr-only"> order of {row.account_name}</span></Link>, csv: (row) => row.order_id },
];

function CouponFacts({ coupon }: { coupon: Coupon }) {
  const { all } = useChoices();
  const plans = coupon.plan_ids.map((id) => all.find((plan) => plan.id === id)?.name ?? id).join(", ");
  return (
    <Section title="What it does" className="mb-6">
      <Facts columns={2} items={[
        ["Takes off", couponOff(coupon)], ["Set-up too", coupon.covers_setup ? "Yes" : "No"],
        ["Plans", plans || "All"], ["Billing", coupon.cycles.map((cycle) => cycleWords[cycle].name).join(", ") || "All terms"],
        ["First order only", coupon.first_order_only ? "Yes" : "No"], ["Used", coupon.redemptions_max === null ? `${coupon.used}, no limit` : `${coupon.used} of ${coupon.redemptions_max}`],
        ["Per customer", coupon.per_account_max === null ? "No limit" : String(coupon.per_account_max)], ["Ends", coupon.ends_at ? <At key="ends" at={coupon.ends_at} /> : "Never"],
      ]} />
    </Section>
  );
}

export function AdminCouponPage() {
  const { id } = useParams<{ id: string }>();
  const { data: coupon, error, refetch } = useQuery(couponQuery(id));
  const uses = useQuery(redemptionsQuery(id, useListParams()));
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  if (!coupon) return <Page title="Coupon" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-60 w-full" />}</Page>;
  const turn = (enabled: boolean) => editCoupon(id, { enabled }).then(() => queryClient.invalidateQueries({ queryKey: ["admin", "coupons"] }));
  const stop = () => setAsking({ title: `Stop ${coupon.code}?`, body: <p>Nobody can use it any more. Services that have it keep what it takes off.</p>, verb: "Stop coupon", danger: true, run: () => turn(false) });
  return (
    <Page title={coupon.code} crumbs={crumbs} meta={<><StateBadge look={couponLook(coupon)} />{coupon.name ? <span className="text-ink-3">{coupon.name}</span> : null}</>}
      action={coupon.enabled ? <Button look="danger" onClick={stop}>Stop</Button> : <Button onClick={() => void turn(true)}>Allow again</Button>}>
      <CouponFacts coupon={coupon} />
      <DataTable name="redemptions" label="Uses" query={uses} columns={columns} rowKey={(row) => row.id} empty={<EmptyState title="Not used yet">Each order that uses it will stand here.</EmptyState>} />
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}
