import { formatNumber } from "./format";

/** Bytes in decimal units, as traffic and rates are sold. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const amount = bytes / 1000 ** step;
  return `${formatNumber(amount, step === 0 || amount >= 100 ? 0 : 1)} ${units[step]}`;
}
