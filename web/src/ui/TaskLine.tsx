import type { ReactNode } from "react";
import { formatDuration } from "../lib/format";
import { useNow } from "../lib/now";
import { StateBadge, type StateLook } from "./Badge";
import { Ago } from "./DateTime";

type TaskLineProps = {
  title: string; look: StateLook; who: string; createdAt: string; startedAt: string | null; finishedAt: string | null;
  progress: number | null; error: ReactNode; moving: boolean; note?: string | null;
};

function took(from: string | null, to: string | null, now: number): string | null {
  return from ? formatDuration(((to ? Date.parse(to) : now) - Date.parse(from)) / 1000) : null;
}

/** One task: what, who asked, when, how far, how it ended. */
export function TaskLine({ title, look, who, createdAt, startedAt, finishedAt, progress, error, moving, note }: TaskLineProps) {
  const now = useNow();
  const time = took(startedAt, finishedAt, now);
  return (
    <li className="px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-0.5">
        <span className="font-medium">{title}</span>
        <StateBadge look={look} />
        <span className="num ml-auto text-sm text-ink-3">{who} · <Ago at={createdAt} />{time ? ` · ${time}` : ""}</span>
      </div>
      {moving ? (
        <div role="progressbar" aria-label={title} aria-valuenow={progress ?? undefined} aria-valuemin={0} aria-valuemax={100} className="mt-2 h-1 overflow-hidden rounded-full bg-hover">
          {progress === null ? <div className="h-full w-full bg-accent animate-dot" /> : (
            <div className="h-full bg-accent transition-[width] duration-150" style={{ width: `${progress}%` }} />
          )}
        </div>
      ) : null}
      {moving && note ? <div className="mt-1 text-sm text-ink-3" role="status">{note}</div> : null}
      {error ? <div className="mt-1 text-sm text-bad">{error}</div> : null}
    </li>
  );
}
