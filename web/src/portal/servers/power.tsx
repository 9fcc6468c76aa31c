import { useState } from "react";
import { queryClient } from "../../api/query";
import { startTask } from "../../api/servers";
import type { PowerKind, Server } from "../../api/types";
import { serverName, taskWords } from "../../parts/servers/words";
import { Button, IconButton } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Menu, type MenuItem } from "../../ui/Menu";
import { toastError } from "../../ui/Toast";

const kinds: { kind: PowerKind; icon: "power" | "refresh" | "cross"; danger?: boolean; warn: string | null }[] = [
  { kind: "start", icon: "power", warn: null },
  { kind: "restart", icon: "refresh", warn: "It goes down and comes up again, usually within a minute. Programs on it are asked to end first." },
  { kind: "shutdown", icon: "power", warn: "Programs on it are asked to end, then it goes off. It stays off until you start it. It is still billed." },
  { kind: "poweroff", icon: "cross", danger: true, warn: "This is like pulling the plug: what was not written to disk is lost. Prefer to shut down." },
];

export function whyNot(server: Server): string | undefined {
  if (server.state !== "ready") return "The server is not ready yet";
  if (server.active_task) return "Another task is running";
  return undefined;
}

/** The power actions of a server that its state and the viewer's role allow, each confirmed in plain words. */
export function PowerMenu({ server, small }: { server: Server; small?: boolean }) {
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const run = async (kind: PowerKind) => {
    await startTask(server.id, kind);
    await queryClient.invalidateQueries({ queryKey: ["servers"] });
  };
  const items = kinds.map(({ kind, icon, danger, warn }): MenuItem => ({
    label: taskWords[kind] ?? kind, icon, danger: danger ?? false,
    disabledReason: server.can.includes(kind) ? undefined : (whyNot(server) ?? (kind === "start" ? "It is running" : server.power === "stopped" ? "It is off" : "Your role does not allow it")),
    onSelect: () => {
      if (warn === null) void run(kind).catch(toastError);
      else setAsking({ title: `${taskWords[kind]} ${serverName(server)}?`, body: <p>{warn}</p>, verb: taskWords[kind] ?? kind, danger: danger ?? false, run: () => run(kind), ...(danger ? { typedName: server.hostname } : {}) });
    },
  }));
  return (
    <>
      <Menu items={items} trigger={small ? <IconButton icon="dots" label={`Power of ${serverName(server)}`} className="relative z-10" /> : <Button icon="power">Power</Button>} />
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </>
  );
}
