import type { Job } from "../../api/adminTypes";
import type { StateLook } from "../../ui/Badge";

export const jobLooks: Record<Job["state"], StateLook> = {
  waiting: { word: "Waiting", tone: "neutral" }, running: { word: "Running", tone: "info", moving: true }, done: { word: "Done", tone: "good" },
  dead: { word: "Dead", tone: "bad" }, cancelled: { word: "Cancelled", tone: "neutral" },
};

export const mailLooks: Record<string, StateLook> = {
  queued: { word: "Waiting", tone: "neutral" }, waiting: { word: "Waiting", tone: "neutral" }, sending: { word: "Sending", tone: "info", moving: true },
  accepted: { word: "Accepted", tone: "good" }, sent: { word: "Accepted", tone: "good" }, failed: { word: "Failed", tone: "bad" }, bounced: { word: "Bounced", tone: "bad" }, dead: { word: "Failed", tone: "bad" },
};
