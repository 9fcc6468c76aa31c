import { useQuery } from "@tanstack/react-query";
import { loadsQuery } from "../../api/metrics";
import { serversQuery } from "../../api/servers";
import type { Server } from "../../api/types";
import { useViewer } from "../../parts/identity/session";
import { loadColumn } from "../../parts/metrics/Sparkline";
import { serverColumns } from "../../parts/servers/serverColumns";
import { LinkButton } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { PowerMenu } from "./power";

const power: Column<Server> = { key: "power", title: "Power", align: "right", cell: (row) => <PowerMenu server={row} small /> };

const filters: Filter[] = [{ name: "favourites", label: "Show", options: [{ value: "true", label: "Favourites only" }] }];

export function ServersPage() {
  const { account } = useViewer();
  const query = useQuery(serversQuery(account.id, useListParams("q", "favourites")));
  const loads = useQuery(loadsQuery((query.data?.items ?? []).map((row) => row.id), false));
  const columns = [...serverColumns<Server>(), loadColumn<Server>(loads.data?.items), power];
  return (
    <Page title="Servers" action={<LinkButton look="primary" icon="plus" href="/order">Order a server</LinkButton>}>
      <DataTable name="servers" label="Servers" query={query} columns={columns} search="Search names, addresses, tags, notes" filters={filters} rowKey={(row) => row.id} rowHref={(row) => `/servers/${row.id}`}
        empty={<EmptyState title="No servers yet" action={<LinkButton look="primary" href="/order">Order a server</LinkButton>}>Each server with its state and addresses will stand here.</EmptyState>} />
    </Page>
  );
}
