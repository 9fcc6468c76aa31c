import { useCallback } from "react";
import { askConsole } from "../../api/console";
import { queryClient } from "../../api/query";
import { startTask } from "../../api/servers";
import type { Server } from "../../api/types";
import { ConsoleView } from "../../parts/console/ConsoleView";
import { Looks } from "../../parts/console/Looks";
import { serverName } from "../../parts/servers/words";
import { Button, LinkButton } from "../../ui/Button";
import { EmptyState } from "../../ui/States";
import { toastError } from "../../ui/Toast";
import type { TabProps } from "./tabs";

function whyNone(server: Server): string {
  if (server.state === "allocating" || server.state === "installing") return "It has a console as soon as it is built.";
  return server.can.length === 0 ? "Your role does not allow it. Ask an owner or admin of the account." : "It has none while the server is in its present state.";
}

/** A customer's console, in its tab or filling the window. */
export function ServerConsole({ server, fills }: { server: Server; fills?: boolean }) {
  const { id } = server;
  const ask = useCallback(() => askConsole(id), [id]);
  if (!server.can.includes("console")) return <EmptyState title="No console now">{whyNone(server)}</EmptyState>;
  const start = () => startTask(id, "start").then(() => queryClient.invalidateQueries({ queryKey: ["servers"] })).catch(toastError);
  return (
    <ConsoleView name={serverName(server)} ask={ask} off={server.power === "stopped" && !server.active_task} fills={fills ?? false}
      start={server.can.includes("start") ? <Button icon="power" onClick={() => void start()}>Start server</Button> : null}
      more={fills ? <LinkButton href={`/servers/${id}`}>Back to the server</LinkButton> : <LinkButton icon="external" href={`/servers/${id}/console`}>Fill the window</LinkButton>} />
  );
}

export function ConsoleTab({ server }: TabProps) {
  return <div className="space-y-5"><ServerConsole server={server} /><Looks serverId={server.id} /></div>;
}
