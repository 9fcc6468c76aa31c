import { useQuery } from "@tanstack/react-query";
import { servicesQuery, upcomingQuery } from "../../api/services";
import type { Service } from "../../api/types";
import { majorString } from "../../lib/format";
import { cycleWords } from "../../parts/catalog/words";
import { useViewer } from "../../parts/identity/session";
import { ActList } from "../../parts/services/ActList";
import { serviceLooks } from "../../parts/services/words";
import { StateBadge } from "../../ui/Badge";
import { Section } from "../../ui/Card";
import { On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { BalanceText, BillingTabs } from "../billing/BillingTabs";

const AHEAD_DAYS = 60;
const filters: Filter[] = [{ name: "state", label: "State", options: Object.entries(serviceLooks).map(([value, look]) => ({ value, label: look.word })) }];
const columns: Column<Service>[] = [
  { key: "name", title: "Service", cell: (row) => <span className="block max-w-80 truncate">{row.name}</span>, sortBy: (row) => row.name, csv: (row) => row.name, phone: "first" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={serviceLooks[row.state]} />, csv: (row) => row.state, phone: "second" },
  { key: "renews", title: "Renews", cell: (row) => renewal(row), sortBy: (row) => row.renews_on ?? "", csv: (row) => row.renews_on ?? "", phone: "second" },
  { key: "price", title: "Price", align: "right", cell: (row) => <><Money value={row.price} /> <span className="text-ink-3">{cycleWords[row.cycle]?.per ?? row.cycle}</span></>, csv: (row) => majorString(row.price), phone: "side" },
];

function renewal(row: Service) {
  if (row.cancels_on) return <>ends <On on={row.cancels_on} /></>;
  return row.renews_on && row.state !== "erased" ? <On on={row.renews_on} /> : <span className="text-ink-3">–</span>;
}

export function ServicesPage() {
  const { account } = useViewer();
  const query = useQuery(servicesQuery(account.id, useListParams("state")));
  const ahead = useQuery(upcomingQuery(account.id, AHEAD_DAYS)).data;
  return (
    <Page title="Billing" meta={<BalanceText />}>
      <BillingTabs current="/services" />
      <DataTable name="services" label="Services" query={query} columns={columns} filters={filters} rowKey={(row) => row.id} rowHref={(row) => `/services/${row.id}`}
        empty={<EmptyState title="No services yet">What you are billed for will stand here, with the day it renews.</EmptyState>} />
      {ahead && ahead.acts.length > 0 ? (
        <Section title={`The next ${AHEAD_DAYS} days`} className="mt-5"><ActList acts={ahead.acts.slice(0, 20)} withService /></Section>
      ) : null}
    </Page>
  );
}
