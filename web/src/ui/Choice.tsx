import type { ReactNode } from "react";
import { cx } from "../lib/cx";

/** One of several cards to choose from; a real radio, so arrow keys and screen readers know it. */
export function Choice({ name, value, checked, onChange, disabled, children, className }: {
  name: string; value: string; checked: boolean; onChange: (value: string) => void; disabled?: boolean; children: ReactNode; className?: string;
}) {
  return (
    <label className={cx(
      "relative flex min-w-0 cursor-pointer rounded border p-3 transition-colors duration-120 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-text",
      checked ? "border-accent-text bg-accent-soft shadow-[inset_0_0_0_1px_var(--accent-text)]" : "border-line not-has-disabled:bg-surface hover:border-line-strong",
      disabled && "cursor-not-allowed bg-sunken text-ink-3 hover:border-line", className)}>
      <input type="radio" className="sr-only" name={name} value={value} checked={checked} disabled={disabled} onChange={() => onChange(value)} />
      {children}
    </label>
  );
}
