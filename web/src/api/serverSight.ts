import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type * as gen from "./gen/skypanel";
import { queryClient } from "./query";
import type { Task } from "./types";

export type Sight = gen.Sight;
export type Address = gen.AddressShown;
export type Backup = gen.BackupShown;
export type Firewall = gen.FirewallShown;

/** The stream announces what is new; until the first look is over it is asked for again. */
export const sightQuery = (id: string) =>
  queryOptions({
    queryKey: ["servers", "sight", id],
    queryFn: ({ signal }) => get<Sight>(`/servers/${id}/sight`, undefined, signal),
    refetchInterval: ({ state }) => (state.data && !state.data.seen_at && !state.data.trouble ? 3_000 : false),
  });

export const lookAtServer = (id: string) => send<void>("post", `/servers/${id}/sight`);

export const staffSightQuery = (id: string) =>
  queryOptions({ queryKey: ["admin", "servers", "sight", id], queryFn: ({ signal }) => get<Sight>(`/admin/servers/${id}/sight`, undefined, signal) });
export const staffLook = (id: string) => send<void>("post", `/admin/servers/${id}/sight`);

async function asked(request: Promise<Task>): Promise<void> {
  await request;
  await queryClient.invalidateQueries({ queryKey: ["servers"] });
}

export const startBackup = (id: string) => asked(send<Task>("post", `/servers/${id}/backups`));
export const setFirewall = (id: string, body: gen.FirewallWish) => asked(send<Task>("put", `/servers/${id}/firewall`, body));
export const setReverseName = (id: string, body: gen.ReverseName) => asked(send<Task>("put", `/servers/${id}/reverse-names`, body));
