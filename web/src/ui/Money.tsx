import { cx } from "../lib/cx";
import { formatExact, formatMoney, type MoneyValue } from "../lib/format";

export function Money({ value, signed, className }: { value: MoneyValue; signed?: boolean; className?: string }) {
  return <span className={cx("num whitespace-nowrap", className)}>{formatMoney(value, signed)}</span>;
}

/** A price finer than a cent, such as one per hour. */
export function ExactPrice({ amount, currency }: { amount: string; currency: string }) {
  return <span className="num whitespace-nowrap">{formatExact(amount, currency)}</span>;
}
