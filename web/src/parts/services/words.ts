import type { RunAct, Service } from "../../api/types";
import type { StateLook } from "../../ui/Badge";

export const serviceLooks: Record<Service["state"], StateLook> = {
  pending: { word: "Waits for payment", tone: "info" },
  active: { word: "Active", tone: "good" },
  suspended: { word: "Suspended", tone: "bad" },
  terminated: { word: "Ended", tone: "warn" },
  erased: { word: "Erased", tone: "neutral" },
  cancelled: { word: "Cancelled", tone: "neutral" },
};

export const holdWords: Record<Service["holds"][number], string> = {
  unpaid: "an invoice is overdue",
  abuse: "reports of abuse",
  staff: "our staff",
  dispute: "a disputed payment",
  ended: "it has ended",
};

const charges: Record<RunAct["outcome"], string> = {
  paid: "Charged from the balance", charging: "Charged to the saved method", unpaid: "Charge: the balance is too low", done: "Charge",
};

/** A day counted from the day an invoice is due. */
export function dayText(day: number): string {
  if (day === 0) return "on the day it is due";
  const days = Math.abs(day) === 1 ? "1 day" : `${Math.abs(day)} days`;
  return day < 0 ? `${days} before it is due` : `${days} after it was due`;
}

/** What happens, in words. */
export function actText(act: Pick<RunAct, "step" | "day" | "outcome">): string {
  const words: Record<RunAct["step"], string> = {
    issue: "Invoice issued",
    collect: charges[act.outcome],
    remind: `Reminder, ${dayText(act.day)}`,
    roll: "New period begins",
    suspend: "Suspended",
    end: "Ends, as chosen",
    terminate: "Ended for an unpaid invoice",
    erase: "Data erased",
  };
  return words[act.step];
}
