import { useRef, useState } from "react";
import { copyText } from "../lib/clipboard";
import { cx } from "../lib/cx";
import { Icon } from "./Icon";

function useCopied(text: string): [boolean, () => void] {
  const [copied, setCopied] = useState(false);
  const timer = useRef<number | undefined>(undefined);
  return [copied, () => {
    void copyText(text).then((done) => {
      setCopied(done);
      clearTimeout(timer.current);
      timer.current = window.setTimeout(() => setCopied(false), 1600);
    });
  }];
}

export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [copied, copy] = useCopied(text);
  return (
    <button type="button" onClick={copy} aria-label={copied ? "Copied" : `Copy ${label}`} title={copied ? "Copied" : `Copy ${label}`}
      className={cx("relative z-10 inline-grid size-6 pointer-coarse:size-9 shrink-0 place-items-center rounded text-ink-3 hover:bg-hover hover:text-ink", copied && "text-good", className)}>
      <Icon name={copied ? "check" : "copy"} className="size-3.5" />
      <span aria-live="polite" className="sr-only">{copied ? "Copied" : ""}</span>
    </button>
  );
}

const maskable = /address|subnet|command|reverse/;

/** An address, key or command in mono, copied by one click. */
export function CopyText({ text, label, className }: { text: string; label: string; className?: string }) {
  return (
    <span className={cx("inline-flex max-w-full items-center gap-0.5", className)}>
      <code data-private={maskable.test(label) || undefined} className="min-w-0 break-all">{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  );
}

/** The tail of a long id: UUIDv7s of one day begin alike, so their beginnings tell nothing. */
export function Id({ id }: { id: string }) {
  return (
    <span className="inline-flex items-center gap-0.5">
      <code title={id} className="text-ink-3">{id.length > 10 ? `…${id.slice(-8)}` : id}</code>
      <CopyButton text={id} label="id" />
    </span>
  );
}
