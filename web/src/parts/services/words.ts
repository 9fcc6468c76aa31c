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
  unpaid: "something is not paid",
  abuse: "reports of abuse",
  staff: "our staff",
  dispute: "a disputed payment",
  ended: "it has ended",
};

const charges: Record<RunAct["outcome"], string> = {
  paid: "Charged from the balance", charging: "Charged to the saved method", unpaid: "To be paid by you", done: "Charge",
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
    suspend: "Suspended if still unpaid",
    end: "Ends, as chosen",
    terminate: "Ended if still unpaid",
    erase: "Data erased",
    hours: "Hours paid from the balance",
  };
  return words[act.step];
}

/** What a customer wants to know of what comes: each invoice, how it is paid, and what follows if it is not. */
export function telling<T extends Pick<RunAct, "service_id" | "step" | "period">>(acts: T[]): T[] {
  const charged = new Set<string>();
  return acts.filter((act) => {
    if (act.step === "roll" || act.step === "remind") return false;
    if (act.step !== "collect") return true;
    const key = `${act.service_id} ${act.period}`;
    return !charged.has(key) && Boolean(charged.add(key));
  });
}
