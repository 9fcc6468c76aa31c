import { useQuery } from "@tanstack/react-query";
import { useParams } from "wouter";
import { serverQuery } from "../../api/servers";
import { useTitle } from "../../lib/title";
import { serverLook, serverName } from "../../parts/servers/words";
import { StateBadge } from "../../ui/Badge";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { ServerConsole } from "./ConsoleTab";

/** A server's console and nothing else in the window. */
export function ConsolePage() {
  const { id } = useParams<{ id: string }>();
  const { data: server, error, refetch } = useQuery(serverQuery(id));
  useTitle(server ? `Console of ${serverName(server)}` : "Console");
  if (!server) return <div className="p-4"><h1 className="sr-only">Console</h1>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-80 w-full" />}</div>;
  return (
    <div className="flex h-dvh flex-col gap-3 p-3">
      <header className="flex flex-wrap items-center gap-x-3"><h1 className="text-lg wrap-anywhere">{serverName(server)}</h1><StateBadge look={serverLook(server)} /></header>
      <ServerConsole server={server} fills />
    </div>
  );
}
