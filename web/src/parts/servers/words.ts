import type { Server, ServerState, Task } from "../../api/types";
import type { StateLook } from "../../ui/Badge";

const lives: Record<ServerState, StateLook> = {
  allocating: { word: "Allocating", tone: "info", moving: true },
  installing: { word: "Installing", tone: "info", moving: true },
  ready: { word: "Ready", tone: "good" },
  failed: { word: "Failed", tone: "bad" },
  deleting: { word: "Deleting", tone: "warn", moving: true },
  deleted: { word: "Deleted", tone: "neutral" },
};

const powers: Record<Server["power"], StateLook> = {
  running: { word: "Running", tone: "good" },
  stopped: { word: "Stopped", tone: "neutral" },
  unknown: { word: "Power not known", tone: "neutral" },
};

const moving: Record<string, string> = { start: "Starting", restart: "Restarting", shutdown: "Shutting down", poweroff: "Powering off", reinstall: "Reinstalling", reset_password: "Resetting password", backup: "Backing up", firewall: "Changing firewall", reverse_dns: "Setting reverse name", add_address: "Adding an address", drop_address: "Giving an address back" };

/** One word for a server: what is being done to it, else its life, else its power. */
export function serverLook(server: Pick<Server, "state" | "power" | "active_task">): StateLook {
  const task = server.active_task;
  const verb = task && (task.state === "queued" || task.state === "running") ? moving[task.kind] : undefined;
  if (verb) return { word: verb, tone: "info", moving: true };
  return server.state === "ready" ? powers[server.power] : lives[server.state];
}

export const taskWords: Record<string, string> = {
  start: "Start server", restart: "Restart server", shutdown: "Shut down server", poweroff: "Power off server",
  reinstall: "Reinstall server", reset_password: "Reset password", backup: "Back up server", firewall: "Firewall", reverse_dns: "Reverse name",
  add_address: "Add IPv4 address", drop_address: "Give IPv4 address back",
  create: "Create server", install: "Install system", delete: "Delete server", rename: "Rename server", suspend: "Suspend server", resume: "Resume server",
};

export const taskLooks: Record<Task["state"], StateLook> = {
  queued: { word: "Waiting", tone: "neutral", moving: true },
  running: { word: "Running", tone: "info", moving: true },
  done: { word: "Done", tone: "good" },
  failed: { word: "Failed", tone: "bad" },
};

export function serverName(server: Pick<Server, "label" | "hostname">): string {
  return server.label || server.hostname;
}
