import { cx } from "../lib/cx";

export function Spinner({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 16 16" className={cx("size-4 shrink-0 animate-spinner", className)} fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" aria-hidden="true">
      <path d="M8 2a6 6 0 1 1-5.500 3.600" />
    </svg>
  );
}
