import { useQuery } from "@tanstack/react-query";
import { customersQuery } from "../../api/admin";
import type { CustomerRow } from "../../api/adminTypes";
import { countryName, majorString } from "../../lib/format";
import { StateBadge } from "../../ui/Badge";
import { Ago } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { customerLook } from "./look";

const columns: Column<CustomerRow>[] = [
  { key: "name", title: "Customer", cell: (row) => <span className="block max-w-72 truncate">{row.name}</span>, sortBy: (row) => row.name, csv: (row) => row.name, phone: "first" },
  { key: "email", title: "E-mail", cell: (row) => <span className="block max-w-72 truncate">{row.email}</span>, sortBy: (row) => row.email, csv: (row) => row.email, phone: "second" },
  { key: "state", title: "State", cell: (row) => <StateBadge look={customerLook(row.state)} />, csv: (row) => row.state, phone: "side" },
  { key: "country", title: "Country", cell: (row) => (row.country ? <abbr className="no-underline" title={countryName(row.country)}>{row.country}</abbr> : "–"), csv: (row) => row.country ?? "" },
  { key: "created", title: "Since", cell: (row) => <Ago at={row.created_at} />, sortBy: (row) => row.created_at, csv: (row) => row.created_at, phone: "second" },
  { key: "servers", title: "Servers", align: "right", cell: (row) => row.servers, sortBy: (row) => row.servers, csv: (row) => String(row.servers) },
  { key: "unpaid", title: "Unpaid", align: "right", cell: (row) => (row.unpaid.minor > 0 ? <Money value={row.unpaid} className="text-warn" /> : <span className="text-ink-3">–</span>), sortBy: (row) => row.unpaid.minor, csv: (row) => majorString(row.unpaid) },
  { key: "balance", title: "Balance", align: "right", cell: (row) => <Money value={row.balance} />, sortBy: (row) => row.balance.minor, csv: (row) => `${majorString(row.balance)} ${row.balance.currency}` },
];

export function CustomersPage() {
  const query = useQuery(customersQuery(useListParams("q")));
  return (
    <Page title="Customers">
      <DataTable name="customers" label="Customers" query={query} columns={columns} search="Name, company or e-mail" rowKey={(row) => row.account_id} rowHref={(row) => `/admin/customers/${row.account_id}`}
        empty={<EmptyState title="No customers yet">Everyone who signs up will stand here.</EmptyState>} />
    </Page>
  );
}
