import { Link as RouteLink } from "wouter";
import { cx } from "../../lib/cx";
import { Icon } from "../../ui/Icon";
import { Spinner } from "../../ui/Spinner";
import type { Link } from "./chain";

const faces: Record<Link["state"], string> = {
  done: "border-line bg-surface", current: "border-info-dot bg-info-soft", waiting: "border-dashed border-line-strong bg-transparent text-ink-3", failed: "border-bad-dot bg-bad-soft",
};
const words: Record<Link["state"], string> = { done: "text-good", current: "text-info", waiting: "text-ink-3", failed: "text-bad font-medium" };

function LinkBox({ link }: { link: Link }) {
  return (
    <div className={cx("relative min-w-0 flex-1 rounded border px-3 py-2.5", faces[link.state])}>
      <p className="text-xs text-ink-3">{link.title}</p>
      <p className="truncate font-medium" title={link.name}>{link.href ? <RouteLink href={link.href} className="after:absolute after:inset-0 hover:underline">{link.name}</RouteLink> : link.name}</p>
      <p className={cx("mt-0.5 flex items-center gap-1.5 text-sm", words[link.state])}>
        {link.state === "done" ? <Icon name="check" className="size-3.5" /> : link.state === "failed" ? <Icon name="alert" className="size-3.5" /> : link.state === "current" ? <Spinner className="size-3.5" /> : null}
        <span className="truncate first-letter:uppercase">{link.word}</span>
      </p>
    </div>
  );
}

export function ChainPicture({ links }: { links: Link[] }) {
  return (
    <ol aria-label="Chain of the order" className="flex flex-col gap-1.5 md:flex-row md:items-center">
      {links.map((link, at) => (
        <li key={link.key} className="flex min-w-0 flex-1 flex-col items-center gap-1.5 md:flex-row [&>div]:max-md:w-full">
          <LinkBox link={link} />
          {at < links.length - 1 ? <Icon name="arrowRight" className={cx("size-4 max-md:rotate-90", links[at + 1]?.state === "failed" ? "text-bad" : "text-ink-3")} /> : null}
        </li>
      ))}
    </ol>
  );
}
