import type { Dispute } from "../../api/adminPayments";
import type { StateLook } from "../../ui/Badge";

export const disputeLooks: Record<Dispute["state"], StateLook> = {
  open: { word: "Open", tone: "warn" }, won: { word: "Won", tone: "good" }, lost: { word: "Lost", tone: "bad" },
};

/** A vendor's constant as words. */
export const said = (code: string) => code.replaceAll("_", " ").toLowerCase().replace(/^./, (first) => first.toUpperCase());
