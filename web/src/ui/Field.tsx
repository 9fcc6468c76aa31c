import { cloneElement, type ReactElement, type ReactNode, useId } from "react";
import { cx } from "../lib/cx";
import { Icon } from "./Icon";

type ControlProps = { id?: string; "aria-describedby"?: string; "aria-invalid"?: boolean };
type FieldProps = {
  label: ReactNode; help?: ReactNode; error?: string | undefined; optional?: boolean; aside?: ReactNode; className?: string;
  children: ReactElement<ControlProps>;
};

/** A label above, the control, help below; an error replaces the help and says what to do. */
export function Field({ label, help, error, optional, aside, className, children }: FieldProps) {
  const id = useId();
  const note = `${id}-note`;
  return (
    <div className={cx("min-w-0", className)}>
      <div className="mb-1 flex items-baseline justify-between gap-2">
        <label htmlFor={id} className="text-sm font-medium text-ink-2">
          {label}
          {optional ? <span className="font-normal text-ink-3"> (optional)</span> : null}
        </label>
        {aside}
      </div>
      {cloneElement(children, { id, "aria-invalid": error ? true : undefined, "aria-describedby": error || help ? note : undefined } as ControlProps)}
      {error ? (
        <p id={note} className="mt-1 flex gap-1.5 text-sm text-bad"><Icon name="alert" className="mt-0.5 size-3.5" />{error}</p>
      ) : help ? (
        <p id={note} className="mt-1 text-sm text-ink-3">{help}</p>
      ) : null}
    </div>
  );
}
