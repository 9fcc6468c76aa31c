import { cx } from "../lib/cx";
import { formatExact, formatMoney, type MoneyValue } from "../lib/format";

export function Money({ value, signed, className }: { value: MoneyValue; signed?: boolean; className?: string }) {
  return <span className={cx("num whitespace-nowrap", className)}>{formatMoney(value, signed)}</span>;
}

/** A price finer than a cent, such as one per hour. */
export function ExactPrice({ amount, currency, className }: { amount: string; currency: string; className?: string }) {
  return <span className={cx("num whitespace-nowrap", className)}>{formatExact(amount, currency)}</span>;
}
