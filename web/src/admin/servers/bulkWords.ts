import type { BulkRow, BulkVerb, StaffHold } from "../../api/adminBulk";
import type { StateLook } from "../../ui/Badge";

export const bulkVerbs: Record<BulkVerb, { verb: string; past: string; danger?: boolean }> = {
  start: { verb: "Start", past: "Started" }, restart: { verb: "Restart", past: "Restarted" }, shutdown: { verb: "Shut down", past: "Shut down" },
  poweroff: { verb: "Power off", past: "Powered off", danger: true }, suspend: { verb: "Suspend", past: "Suspended", danger: true }, resume: { verb: "Resume", past: "Resumed" },
};
export const verbOrder: BulkVerb[] = ["start", "restart", "shutdown", "poweroff", "suspend", "resume"];
export const staffHolds: Record<StaffHold, string> = { staff: "By staff", abuse: "Abuse" };

export const bulkLooks: Record<BulkRow["state"], StateLook> = {
  queued: { word: "Waiting", tone: "neutral" }, running: { word: "Running", tone: "info", moving: true }, done: { word: "Done", tone: "good" },
  failed: { word: "Failed", tone: "bad" }, refused: { word: "Could not be asked", tone: "bad" }, excluded: { word: "Left alone", tone: "neutral" },
};
