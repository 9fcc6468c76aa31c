import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import { queryClient } from "./query";
import type { Deed, Image, List, PowerKind, Reinstall, Server, ServerChange, SshKey, Task } from "./types";

export const serversQuery = (accountId: string, params: { q?: string | null; favourites?: string | null; cursor?: string | null; limit?: number } = {}) =>
  queryOptions({
    queryKey: ["servers", "list", accountId, params],
    queryFn: ({ signal }) => get<List<Server>>("/servers", { account_id: accountId, ...params }, signal),
  });

/** The stream announces each change; the slow poll only covers a stream that is down. */
export const serverQuery = (id: string) =>
  queryOptions({
    queryKey: ["servers", "one", id],
    queryFn: ({ signal }) => get<Server>(`/servers/${id}`, undefined, signal),
    refetchInterval: ({ state }) => (state.data?.active_task || state.data?.state === "installing" || state.data?.state === "allocating" ? 10_000 : false),
  });

export const tasksQuery = (serverId: string) =>
  queryOptions({
    queryKey: ["servers", "tasks", serverId],
    queryFn: ({ signal }) => get<List<Task>>(`/servers/${serverId}/tasks`, { limit: 50 }, signal),
  });

export const serverHistoryQuery = (id: string, cursor: string | null) =>
  queryOptions({
    queryKey: ["servers", "history", id, cursor],
    queryFn: ({ signal }) => get<List<Deed>>(`/servers/${id}/history`, { limit: 50, ...(cursor ? { cursor } : {}) }, signal),
  });

/** Changes what people write about a server for themselves, and shows it at once. */
export async function changeServer(id: string, change: ServerChange): Promise<Server> {
  const server = await send<Server>("patch", `/servers/${id}`, change);
  queryClient.setQueryData(["servers", "one", id], server);
  void queryClient.invalidateQueries({ queryKey: ["servers"] });
  return server;
}
export const startTask = (id: string, kind: PowerKind) => send<Task>("post", `/servers/${id}/tasks`, { kind });
export const revealPassword = (id: string) => send<{ user: string; password: string }>("post", `/servers/${id}/password/reveal`);

export const serverImagesQuery = (id: string) =>
  queryOptions({ queryKey: ["servers", "images", id], queryFn: ({ signal }) => get<List<Image>>(`/servers/${id}/images`, undefined, signal) });
export const reinstallServer = (id: string, body: Reinstall) => send<Task>("post", `/servers/${id}/reinstall`, body);
export const resetServerPassword = (id: string) => send<Task>("post", `/servers/${id}/password/reset`);

/** Goes to the panel, logged in: the address works once, for a minute, and is kept nowhere. */
export async function openPanel(id: string): Promise<void> {
  const { url } = await send<{ url: string }>("post", `/servers/${id}/panel-login`);
  window.location.assign(url);
}

export const sshKeysQuery = (accountId: string) =>
  queryOptions({
    queryKey: ["ssh-keys", accountId],
    queryFn: ({ signal }) => get<List<SshKey>>("/ssh-keys", { account_id: accountId, limit: 100 }, signal),
  });
export const addSshKey = (body: { account_id: string; name: string; public_key: string }) => send<SshKey>("post", "/ssh-keys", body);
export const removeSshKey = (id: string) => send<void>("delete", `/ssh-keys/${id}`);
