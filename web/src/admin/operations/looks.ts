import type { Job, MailRow } from "../../api/adminTypes";
import type { StateLook } from "../../ui/Badge";

export const jobLooks: Record<Job["state"], StateLook> = {
  waiting: { word: "Waiting", tone: "neutral" }, running: { word: "Running", tone: "info", moving: true }, done: { word: "Done", tone: "good" },
  dead: { word: "Dead", tone: "bad" }, cancelled: { word: "Cancelled", tone: "neutral" },
};

export const mailLooks: Record<MailRow["state"], StateLook> = {
  queued: { word: "Waiting", tone: "neutral" }, sending: { word: "Sending", tone: "info", moving: true }, accepted: { word: "Accepted", tone: "good" },
  deferred: { word: "Put off", tone: "warn" }, refused: { word: "Refused", tone: "bad" }, withdrawn: { word: "Withdrawn", tone: "neutral" },
};
