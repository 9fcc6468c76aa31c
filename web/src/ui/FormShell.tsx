import type { FormEvent, ReactNode, RefObject } from "react";
import { cx } from "../lib/cx";
import { Notice } from "./Notice";

type Shell = {
  failure: { message: string; requestId: string | null } | null; element: RefObject<HTMLFormElement | null>; send: (event: FormEvent) => Promise<void>;
};

/** One form's frame: the failure that belongs to no field on top, the fields, the buttons. */
export function FormShell({ form: { failure, element, send }, label, children, actions, className }: {
  form: Shell; label: string; children: ReactNode; actions?: ReactNode; className?: string;
}) {
  return (
    <form ref={element} aria-label={label} noValidate onSubmit={(event) => void send(event)} className={cx("space-y-4", className)}>
      {failure ? <Notice tone="bad" role="alert" requestId={failure.requestId}>{failure.message}</Notice> : null}
      {children}
      {actions ? <div className="flex flex-wrap items-center gap-2 pt-1">{actions}</div> : null}
    </form>
  );
}
