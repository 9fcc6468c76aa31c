import { type ReactNode, useEffect, useId, useRef } from "react";
import { cx } from "../lib/cx";
import { IconButton } from "./Button";

type DialogProps = { title: string; open: boolean; onClose: () => void; children: ReactNode; wide?: boolean; bare?: boolean };

/**
 * The browser's own modal dialog: it traps focus, closes on Escape and makes the rest inert without a
 * style element being injected. On a phone it is a sheet that stands on the lower edge.
 */
export function Dialog({ open, ...rest }: DialogProps) {
  return open ? <OpenDialog {...rest} /> : null;
}

/** What had focus; a menu's entry is gone by the time the dialog closes, so for it the menu's button. */
function opener(): Element | null {
  const menu = document.activeElement?.closest("[role=menu]")?.getAttribute("aria-labelledby");
  return menu ? document.getElementById(menu) : document.activeElement;
}

function OpenDialog({ title, onClose, children, wide, bare }: Omit<DialogProps, "open">) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();

  // showModal is the only way into the top layer. Focus begins in the content rather than on Close, and goes back at the end.
  useEffect(() => {
    const before = opener();
    element.current?.showModal();
    const body = element.current?.lastElementChild;
    (body?.querySelector<HTMLElement>("input:not(:disabled), textarea, select") ?? body?.querySelector("button"))?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  return (
    <dialog ref={element} aria-labelledby={bare ? undefined : id} aria-label={bare ? title : undefined}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      closedby="any"
      className={cx(
        "animate-rise border border-line bg-surface p-0 shadow-lift outline-none",
        "max-md:mx-0 max-md:mt-auto max-md:mb-0 max-md:w-full max-md:max-w-none max-md:rounded-t-[10px] max-md:border-x-0 max-md:border-b-0 max-md:pb-[env(safe-area-inset-bottom)]",
        "max-h-[85dvh] md:rounded", wide ? "md:w-[640px]" : "md:w-[460px]", bare && "overflow-hidden md:mt-[12vh] md:mb-auto",
      )}>
      {bare ? null : (
        <header className="flex items-center justify-between gap-3 border-b border-line py-2 pr-2 pl-4">
          <h2 id={id} className="text-lg">{title}</h2>
          <IconButton icon="cross" label="Close" onClick={onClose} />
        </header>
      )}
      <div className={bare ? "" : "p-4"}>{children}</div>
    </dialog>
  );
}
