import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Link } from "wouter";
import { cx } from "../lib/cx";
import { Icon, type IconName } from "./Icon";
import { Spinner } from "./Spinner";

type Look = "primary" | "plain" | "quiet" | "danger";
type Size = "normal" | "large";

const looks: Record<Look, string> = {
  primary: "bg-accent text-accent-ink border-transparent hover:brightness-110 active:brightness-95",
  plain: "bg-surface text-ink border-line hover:bg-hover hover:border-line-strong",
  quiet: "bg-transparent text-ink-2 border-transparent hover:bg-hover hover:text-ink",
  danger: "bg-surface text-bad border-line hover:bg-bad-soft hover:border-bad-dot",
};

export function buttonClass(look: Look = "plain", size: Size = "normal", extra?: string): string {
  return cx(
    "inline-flex items-center justify-center gap-1.5 rounded border font-medium whitespace-nowrap select-none transition-[background-color,border-color,filter] duration-120",
    "disabled:opacity-55 disabled:pointer-events-none aria-disabled:opacity-55",
    size === "large" ? "h-10 px-4 text-base" : "h-8 pointer-coarse:h-10 px-3 text-sm",
    looks[look], extra,
  );
}

type ButtonProps = ButtonHTMLAttributes<HTMLButtonElement> & {
  look?: Look; size?: Size; icon?: IconName; busy?: boolean; children: ReactNode;
};

/** `busy` keeps the words in place and only adds a spinner, so nothing moves under the pointer. */
export function Button({ look = "plain", size = "normal", icon, busy, disabled, className, children, type = "button", ...rest }: ButtonProps) {
  return (
    <button type={type} disabled={disabled ?? busy} aria-busy={busy || undefined} className={buttonClass(look, size, className)} {...rest}>
      {busy ? <Spinner /> : icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}

type LinkButtonProps = { href: string; look?: Look; size?: Size; icon?: IconName; className?: string; children: ReactNode };

export function LinkButton({ href, look = "plain", size = "normal", icon, className, children }: LinkButtonProps) {
  return (
    <Link href={href} className={buttonClass(look, size, className)}>
      {icon ? <Icon name={icon} /> : null}
      {children}
    </Link>
  );
}

type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "children"> & { icon: IconName; label: string };

export function IconButton({ icon, label, className, type = "button", ...rest }: IconButtonProps) {
  return (
    <button type={type} aria-label={label} title={label} {...rest}
      className={cx("inline-grid size-8 pointer-coarse:size-10 shrink-0 place-items-center rounded text-ink-2 hover:bg-hover hover:text-ink disabled:opacity-40 disabled:pointer-events-none", className)}>
      <Icon name={icon} />
    </button>
  );
}
