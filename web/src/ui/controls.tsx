import type { InputHTMLAttributes, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from "react";
import { cx } from "../lib/cx";
import { Icon } from "./Icon";

export const controlClass =
  "w-full rounded border border-line-strong/70 bg-surface px-2.5 text-base text-ink transition-colors duration-120 hover:border-line-strong focus:border-accent-text focus:outline-2 focus:-outline-offset-1 focus:outline-accent-text aria-invalid:border-bad-dot disabled:bg-sunken disabled:text-ink-3";

export function Input({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input className={cx(controlClass, "h-8 pointer-coarse:h-10", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea rows={4} className={cx(controlClass, "py-1.5", className)} {...rest} />;
}

export function Select({ className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <span className={cx("relative block", className)}>
      <select className={cx(controlClass, "h-8 pointer-coarse:h-10 appearance-none pr-8 text-ellipsis")} {...rest}>{children}</select>
      <Icon name="chevronDown" className="pointer-events-none absolute top-1/2 right-2.5 size-3.5 -translate-y-1/2 text-ink-3" />
    </span>
  );
}

type TickProps = Omit<InputHTMLAttributes<HTMLInputElement>, "type"> & { label: ReactNode; help?: ReactNode };

function Tick({ type, label, help, className, ...rest }: TickProps & { type: "checkbox" | "radio" }) {
  return (
    <label className={cx("flex gap-2.5 py-1 has-disabled:opacity-55", className)}>
      <input type={type} className="mt-0.5 size-4 shrink-0 accent-(--accent)" {...rest} />
      <span>
        <span className="block">{label}</span>
        {help ? <span className="block text-sm text-ink-3">{help}</span> : null}
      </span>
    </label>
  );
}

export function Checkbox(props: TickProps) {
  return <Tick type="checkbox" {...props} />;
}

export function Radio(props: TickProps) {
  return <Tick type="radio" {...props} />;
}

type SwitchProps = { checked: boolean; onChange: (checked: boolean) => void; label: string; hideLabel?: boolean; disabled?: boolean };

export function Switch({ checked, onChange, label, hideLabel, disabled }: SwitchProps) {
  return (
    <button type="button" role="switch" aria-checked={checked} aria-label={hideLabel ? label : undefined} disabled={disabled}
      onClick={() => onChange(!checked)} className="inline-flex min-h-8 items-center gap-2.5 disabled:opacity-55">
      <span className={cx("relative h-[18px] w-8 rounded-full border transition-colors duration-120", checked ? "border-accent bg-accent" : "border-line-strong bg-sunken")}>
        <span className={cx("absolute top-[2px] left-[2px] size-3 rounded-full transition-transform duration-120", checked ? "translate-x-3.5 bg-accent-ink" : "bg-ink-3")} />
      </span>
      {hideLabel ? null : <span>{label}</span>}
    </button>
  );
}

type SegmentsProps<T extends string> = { label: string; value: T; options: { value: T; label: string }[]; onChange: (value: T) => void };

/** A few choices side by side, of which one holds. */
export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  return (
    <div role="radiogroup" aria-label={label} className="inline-flex rounded border border-line bg-sunken p-0.5">
      {options.map((option) => (
        <label key={option.value}
          className={cx("flex h-7 pointer-coarse:h-9 items-center rounded-[4px] px-2.5 text-sm font-medium has-focus-visible:outline-2 has-focus-visible:outline-accent-text",
            option.value === value ? "bg-surface text-ink shadow-[0_0_0_1px_var(--line)]" : "text-ink-2 hover:text-ink")}>
          <input type="radio" className="sr-only" name={label} checked={option.value === value} onChange={() => onChange(option.value)} />
          {option.label}
        </label>
      ))}
    </div>
  );
}
