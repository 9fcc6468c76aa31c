import { useQuery } from "@tanstack/react-query";
import { servicesQuery, upcomingQuery } from "../../api/services";
import type { RunAct, Service } from "../../api/types";
import { majorString } from "../../lib/format";
import { cycleWords } from "../../parts/catalog/words";
import { useViewer } from "../../parts/identity/session";
import { ActList } from "../../parts/services/ActList";
import { serviceLooks, telling } from "../../parts/services/words";
import { StateBadge } from "../../ui/Badge";
import { LinkButton } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { On } from "../../ui/DateTime";
import { ExactPrice, Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { BalanceText, BillingTabs } from "../billing/BillingTabs";

const AHEAD_DAYS = 60, ROWS = 20;
const filters: Filter[] = [{ name: "state", label: "State", options: Object.entries(serviceLooks).map(([value, look]) => ({ value, label: look.word })) }];
const columns: Column<Service>[] = [
  { key: "name", title: "Service", cell: (row) => <span className="block max-w-80 truncate">{row.name}</span>, sortBy: (row) => row.name, csv: (row) => row.name, phone: "first" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={serviceLooks[row.state]} />, csv: (row) => row.state, phone: "second" },
  { key: "renews", title: "Renews", cell: (row) => renewal(row), sortBy: (row) => row.renews_on ?? "", csv: (row) => row.renews_on ?? "", phone: "second" },
  { key: "price", title: "Price", align: "right", cell: (row) => <>{row.price_exact ? <ExactPrice amount={row.price_exact} currency={row.price.currency} /> : <Money value={row.price} />} <span className="text-ink-3">{cycleWords[row.cycle]?.per ?? row.cycle}</span></>, csv: (row) => majorString(row.price), phone: "side" },
];

function renewal(row: Service) {
  if (row.cancels_on) return <>ends <On on={row.cancels_on} /></>;
  return row.renews_on && row.state !== "erased" ? <On on={row.renews_on} /> : <span className="text-ink-3">–</span>;
}

/** What has to be paid by hand soon: no balance and no saved method covers it. */
function Shortage({ acts }: { acts: RunAct[] }) {
  const [first, ...rest] = acts.filter((act) => act.step === "collect" && act.outcome === "unpaid");
  if (!first?.amount) return null;
  const same = rest.filter((act) => act.on === first.on);
  const minor = same.reduce((sum, act) => sum + (act.amount?.minor ?? 0), first.amount.minor);
  return (
    <Notice tone="warn" action={<><LinkButton href="/top-up">Top up</LinkButton><LinkButton href="/payment-methods">Save a way to pay</LinkButton></>}>
      <Money value={{ ...first.amount, minor }} className="font-semibold" /> is due on <On on={first.on} />, and neither your balance nor a saved way to pay covers it.
    </Notice>
  );
}

export function ServicesPage() {
  const { account } = useViewer();
  const query = useQuery(servicesQuery(account.id, useListParams("state")));
  const ahead = useQuery(upcomingQuery(account.id, AHEAD_DAYS)).data;
  const acts = telling(ahead?.acts ?? []);
  return (
    <Page title="Billing" meta={<BalanceText />}>
      <BillingTabs current="/services" />
      <DataTable name="services" label="Services" query={query} columns={columns} filters={filters} rowKey={(row) => row.id} rowHref={(row) => `/services/${row.id}`}
        empty={<EmptyState title="No services yet">What you are billed for will stand here, with the day it renews.</EmptyState>} />
      {acts.length > 0 ? (
        <Section title={`The next ${AHEAD_DAYS} days`} className="mt-5">
          <Shortage acts={acts} />
          <ActList acts={acts.slice(0, ROWS)} withService />
        </Section>
      ) : null}
    </Page>
  );
}
