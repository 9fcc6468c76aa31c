import type { Act, Parked, Renewal, Service, Sum } from "../../api/adminRenewals";
import { tellService } from "../../api/adminRenewals";
import type { StateLook } from "../../ui/Badge";
import type { ConfirmRequest } from "../../ui/Confirm";

export type Step = Act["step"];

export const stepWords: Record<Step, string> = {
  issue: "Invoice issued", collect: "Charge", remind: "Reminder", roll: "Period begins", suspend: "Suspended",
  end: "Ends as its customer chose", terminate: "Terminated", erase: "Data erased", hours: "Hours charged",
};

const days = (count: number) => `${count} ${count === 1 ? "day" : "days"}`;

/** A day counted from the day an invoice is due. */
export function dayWords(day: number): string {
  if (day === 0) return "on the due day";
  return day < 0 ? `${days(-day)} before due` : `${days(day)} after`;
}

export function actWords(act: Act): string {
  return act.step === "remind" ? `Reminder (${dayWords(act.day)})` : stepWords[act.step];
}

const charges: Record<Act["outcome"], StateLook | null> = {
  done: null, paid: { word: "Paid", tone: "good" }, unpaid: { word: "Not paid", tone: "warn" }, charging: { word: "Charging the saved method", tone: "info" },
};

/** What came, or is expected to come, of an act; most acts simply happen. */
export const outcomeLook = (outcome: Act["outcome"]): StateLook | null => charges[outcome];

export function sumWords(sum: Sum): string {
  const look = outcomeLook(sum.outcome);
  return look ? `${stepWords[sum.step]}, ${look.word.toLowerCase()}` : stepWords[sum.step];
}

export const serviceLooks: Record<Service["state"], StateLook> = {
  pending: { word: "Being made", tone: "info" }, active: { word: "Active", tone: "good" }, suspended: { word: "Suspended", tone: "warn" },
  terminated: { word: "Terminated", tone: "bad" }, erased: { word: "Erased", tone: "neutral" }, cancelled: { word: "Cancelled", tone: "neutral" },
};

export const renewalLooks: Record<Renewal["state"], StateLook> = {
  open: { word: "Open", tone: "warn" }, paid: { word: "Paid", tone: "good" }, void: { word: "Void", tone: "neutral" }, free: { word: "Free", tone: "neutral" },
};

export const holdWords: Record<Service["holds"][number], string> = {
  unpaid: "Not paid", abuse: "Abuse", staff: "Held by staff", dispute: "Payment disputed", ended: "Ended",
};

type Named = Pick<Parked, "service_id" | "service_name">;

export const parkRequest = ({ service_id, service_name }: Named): ConfirmRequest => ({
  title: `Park ${service_name}?`, verb: "Park service", reasonLabel: "Reason", run: (reason) => tellService(service_id, "park", reason),
  body: <p>The billing run passes over it: no invoice, charge, reminder, suspension or end, until you let it go on. It keeps its state.</p>,
});

export const unparkRequest = ({ service_id, service_name }: Named): ConfirmRequest => ({
  title: `Let ${service_name} go on?`, verb: "Let it go on", reasonLabel: "Reason", run: (reason) => tellService(service_id, "unpark", reason),
  body: <p>The billing run takes it again, beginning with what became due while it was parked.</p>,
});
