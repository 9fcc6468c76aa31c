/** What staff have done to servers: to one with a reason, to many after a preview. */
import { queryOptions } from "@tanstack/react-query";
import { get, send, type Params } from "./client";
import type * as gen from "./gen/skypanel";
import { queryClient } from "./query";
import type { List } from "./types";

export type BulkVerb = gen.BulkWish["verb"];
export type BulkPreview = gen.BulkPreview;
export type BulkWork = gen.BulkWork;
export type BulkWhole = gen.BulkWhole;
export type BulkRow = gen.BulkRow;
export type StaffHold = NonNullable<gen.HoldReason["hold"]>;

export const previewBulk = (verb: BulkVerb, hold: StaffHold, server_ids: string[]) => send<BulkPreview>("post", "/admin/bulk-works/preview", { verb, hold, server_ids });
export const beginBulk = (wish: gen.BulkWish) => send<BulkWhole>("post", "/admin/bulk-works", wish);

export const bulkWorksQuery = (params: Params) => queryOptions({ queryKey: ["admin", "bulk", "list", params], queryFn: ({ signal }) => get<List<BulkWork>>("/admin/bulk-works", params, signal) });
/** Tasks tell of themselves; the poll covers what is seen on the server's row only. */
export const bulkWorkQuery = (id: string) => queryOptions({
  queryKey: ["admin", "bulk", "one", id], queryFn: ({ signal }) => get<BulkWhole>(`/admin/bulk-works/${id}`, undefined, signal),
  refetchInterval: ({ state }) => (state.data && !state.data.finished ? 3000 : false),
});

const renew = () => queryClient.invalidateQueries({ queryKey: ["admin", "servers"] });
export const staffTask = (id: string, kind: gen.StaffTaskWish["kind"], reason: string) => send<gen.Task>("post", `/admin/servers/${id}/tasks`, { kind, reason }).then(renew);
export const staffHold = (id: string, verb: "suspend" | "resume", hold: StaffHold, reason: string) => send<unknown>("post", `/admin/servers/${id}/${verb}`, { hold, reason }).then(renew);

export type Work = gen.Work;
export const workQuery = (params: Params) => queryOptions({ queryKey: ["admin", "work", params], queryFn: ({ signal }) => get<List<Work>>("/admin/work", params, signal) });
