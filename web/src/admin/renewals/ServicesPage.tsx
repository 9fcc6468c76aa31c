import { useQuery } from "@tanstack/react-query";
import { type Service, servicesQuery } from "../../api/adminRenewals";
import type { Cycle } from "../../api/types";
import { formatMoney } from "../../lib/format";
import { cycleWords } from "../../parts/catalog/words";
import { Badge, StateBadge } from "../../ui/Badge";
import { On } from "../../ui/DateTime";
import { ExactPrice, Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { MoneyTabs } from "../billing/MoneyTabs";
import { serviceLooks, stepWords } from "./words";

const none = <span className="text-ink-3">–</span>;
export const cycleName = (cycle: string) => cycleWords[cycle as Cycle]?.name ?? cycle;

const columns: Column<Service>[] = [
  { key: "name", title: "Service", cell: (row) => row.name, sortBy: (row) => row.name, csv: (row) => row.name, phone: "first" },
  { key: "customer", title: "Customer", cell: (row) => <span className="block max-w-60 truncate">{row.account_name}</span>, sortBy: (row) => row.account_name, csv: (row) => row.account_name, phone: "second" },
  { key: "plan", title: "Plan", cell: (row) => row.plan_name, csv: (row) => row.plan_name, phone: "second" },
  { key: "state", title: "State", cell: (row) => <span className="inline-flex items-center gap-2"><StateBadge look={serviceLooks[row.state]} />{row.parked ? <Badge tone="warn">Parked</Badge> : null}</span>, csv: (row) => row.state, phone: "side" },
  { key: "cycle", title: "Billing", cell: (row) => cycleName(row.cycle), csv: (row) => row.cycle },
  { key: "price", title: "Price", align: "right", cell: (row) => (row.price_exact ? <ExactPrice amount={row.price_exact} currency={row.price.currency} /> : <Money value={row.price} />), csv: (row) => formatMoney(row.price), phone: "second" },
  { key: "renews", title: "Renews", cell: (row) => (row.renews_on ? <On on={row.renews_on} /> : none), csv: (row) => row.renews_on ?? "" },
  { key: "next", title: "Next step", cell: (row) => (row.next_step ? stepWords[row.next_step] : none), csv: (row) => row.next_step ?? "" },
  { key: "cancels", title: "Cancels on", cell: (row) => (row.cancels_on ? <On on={row.cancels_on} /> : none), csv: (row) => row.cancels_on ?? "", extra: true },
];
const filters = [{ name: "state", label: "State", options: Object.entries(serviceLooks).map(([value, look]) => ({ value, label: look.word })) }];

export function ServicesPage() {
  const query = useQuery(servicesQuery(useListParams("state")));
  return (
    <Page title="Services">
      <MoneyTabs current="/admin/services" />
      <DataTable name="admin-services" label="Services" query={query} columns={columns} filters={filters} rowKey={(row) => row.id} rowHref={(row) => `/admin/services/${row.id}`}
        empty={<EmptyState title="No services yet">What is billed over time will stand here, beginning with the first order.</EmptyState>} />
    </Page>
  );
}
