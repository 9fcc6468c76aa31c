import { minorDigits } from "./format";

/** Minor units from what a person typed ("12.50", "12,50"); null when it is not an amount of this currency. */
export function parseMajor(text: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const found = /^(-?)(\d{1,11})(?:[.,](\d+))?$/.exec(text.trim().replace("−", "-"));
  if (!found) return null;
  const [, sign = "", whole = "0", part = ""] = found;
  if (part.length > digits) return null;
  return Number(`${sign}${whole}${part.padEnd(digits, "0")}`);
}
