import type { Order, OrderState, OrderStep } from "../../api/types";
import type { StateLook } from "../../ui/Badge";
import type { TimelineStep } from "../../ui/Timeline";

export const orderLooks: Record<OrderState, StateLook> = {
  awaiting_payment: { word: "Waiting for payment", tone: "warn" },
  paid: { word: "Being built", tone: "info", moving: true },
  active: { word: "Ready", tone: "good" },
  failed: { word: "Failed", tone: "bad" },
  cancelled: { word: "Cancelled", tone: "neutral" },
  closing: { word: "Being closed", tone: "warn", moving: true },
  refunded: { word: "Refunded", tone: "neutral" },
  expired: { word: "Expired", tone: "neutral" },
};

/** Each step done, under way, and failed. */
const steps: Record<OrderStep["step"], [string, string, string]> = {
  ordered: ["Ordered", "Ordering", "Not ordered"],
  paid: ["Paid", "Waiting for payment", "Not paid"],
  allocating: ["Place found", "Finding a place for the server", "No place found"],
  installing: ["Installed", "Installing the system", "Not installed"],
  ready: ["Ready", "Getting ready", "Not ready"],
};

/** The order's steps in words; a step under way says what is being done rather than what was. */
export function orderSteps(order: Pick<Order, "timeline">): TimelineStep[] {
  return order.timeline.map((each) => ({
    key: each.step, state: each.state, at: each.at, detail: each.message,
    title: steps[each.step][each.state === "current" ? 1 : each.state === "failed" ? 2 : 0],
  }));
}
