import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Coupon, couponsQuery } from "../../api/prices";
import { formatMoney, formatNumber } from "../../lib/format";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { At } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { CatalogTabs } from "./CatalogTabs";
import { CouponDialog } from "./CouponDialog";

export function couponLook(coupon: Coupon): StateLook {
  if (!coupon.enabled) return { word: "Stopped", tone: "neutral" };
  if (coupon.redemptions_max !== null && coupon.used >= coupon.redemptions_max) return { word: "Used up", tone: "warn" };
  return { word: "Can be used", tone: "good" };
}

export function couponOff(coupon: Coupon): string {
  const off = coupon.percent ? `${formatNumber(Number(coupon.percent), 2)} %` : coupon.amounts.map((amount) => formatMoney(amount)).join(" · ");
  if (coupon.periods === null) return `${off}, always`;
  return coupon.periods === 1 ? `${off}, once` : `${off}, ${coupon.periods} periods`;
}

const used = (row: Coupon) => (row.redemptions_max === null ? String(row.used) : `${row.used} of ${row.redemptions_max}`);
const columns: Column<Coupon>[] = [
  { key: "code", title: "Code", cell: (row) => <code>{row.code}</code>, sortBy: (row) => row.code, csv: (row) => row.code, phone: "first", className: "font-medium" },
  { key: "name", title: "For", cell: (row) => row.name, csv: (row) => row.name },
  { key: "off", title: "Takes off", cell: couponOff, csv: couponOff, phone: "second" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={couponLook(row)} />, csv: (row) => couponLook(row).word, phone: "side" },
  { key: "used", title: "Used", align: "right", cell: used, csv: used, phone: "second" },
  { key: "ends", title: "Ends", cell: (row) => (row.ends_at ? <At at={row.ends_at} /> : <span className="text-ink-3">–</span>), csv: (row) => row.ends_at ?? "" },
];

export function AdminCouponsPage() {
  const query = useQuery(couponsQuery(useListParams()));
  const [making, setMaking] = useState(false);
  return (
    <Page title="Coupons" action={<Button look="primary" icon="plus" onClick={() => setMaking(true)}>New coupon</Button>}>
      <CatalogTabs current="/admin/coupons" />
      <DataTable name="coupons" label="Coupons" query={query} columns={columns} rowKey={(row) => row.id} rowHref={(row) => `/admin/coupons/${row.id}`}
        empty={<EmptyState title="No coupons yet">A code that takes something off an order, for some periods or for good.</EmptyState>} />
      {making ? <CouponDialog onClose={() => setMaking(false)} /> : null}
    </Page>
  );
}
