import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type { ConsoleTicket, Consoles } from "./types";

/** A ticket opens one console once, within half a minute. */
export const askConsole = (serverId: string) => send<ConsoleTicket>("post", `/servers/${serverId}/console`);
export const askConsoleAsStaff = (serverId: string, reason: string) => send<ConsoleTicket>("post", `/admin/servers/${serverId}/console`, { reason });

export const consolesQuery = (serverId: string, staff: boolean) =>
  queryOptions({
    queryKey: [staff ? "admin" : "consoles", "consoles", serverId],
    queryFn: ({ signal }) => get<Consoles>(staff ? `/admin/servers/${serverId}/consoles` : `/servers/${serverId}/consoles`, { limit: 20 }, signal),
  });
