import { minorDigits } from "./format";

/** What a person typed as an amount in minor units, or nothing when it is none; commas count as points. */
export function parseAmount(text: string, currency: string): number | null {
  const digits = minorDigits(currency);
  const found = /^(\d{1,9})(?:[.,](\d+))?$/.exec(text.trim());
  if (!found) return null;
  const fraction = found[2] ?? "";
  if (fraction.length > digits) return null;
  return Number(`${found[1]}${fraction.padEnd(digits, "0")}`);
}
