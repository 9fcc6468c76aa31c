import type { StateLook } from "../../ui/Badge";

const looks: Record<string, StateLook> = { active: { word: "Active", tone: "good" }, suspended: { word: "Suspended", tone: "bad" }, unverified: { word: "Not confirmed", tone: "neutral" } };

export function customerLook(state: string): StateLook {
  return looks[state] ?? { word: state.replaceAll("_", " "), tone: "neutral" };
}
