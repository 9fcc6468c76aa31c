import type { RunAct } from "../../api/types";
import { On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { actText } from "./words";

/** What comes next, in its order. */
export function ActList({ acts, withService }: { acts: RunAct[]; withService?: boolean }) {
  return (
    <ol className="-my-1.5">
      {acts.map((act) => (
        <li key={`${act.service_id}-${act.step}-${act.period}-${act.day}`} className="flex min-h-9 items-center justify-between gap-4 border-b border-line py-1.5 last:border-0">
          <span className="min-w-0">
            <span className="block">{actText(act)}{act.amount ? <> <Money value={act.amount} className="text-ink-3" /></> : null}</span>
            {withService ? <span className="block truncate text-sm text-ink-3">{act.service_name}</span> : null}
          </span>
          <span className="shrink-0 text-sm text-ink-3"><On on={act.on} /></span>
        </li>
      ))}
    </ol>
  );
}
