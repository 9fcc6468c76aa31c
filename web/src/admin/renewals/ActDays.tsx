import { Link } from "wouter";
import type { Act, RunPreview } from "../../api/adminRenewals";
import { formatDate } from "../../lib/format";
import { useStaffMay } from "../../parts/identity/session";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import type { ConfirmRequest } from "../../ui/Confirm";
import { Money } from "../../ui/Money";
import { actWords, outcomeLook, parkRequest } from "./words";

type Ask = (request: ConfirmRequest) => void;
const link = "underline underline-offset-2 hover:text-ink";

function byDay(acts: Act[]): Map<string, Act[]> {
  const days = new Map<string, Act[]>();
  for (const act of acts) {
    const same = days.get(act.on);
    if (same) same.push(act);
    else days.set(act.on, [act]);
  }
  return days;
}

export const actKey = (act: Act) => `${act.service_id}-${act.step}-${act.period}-${act.day}-${act.at}`;

function ActRow({ act, ask }: { act: Act; ask: Ask | null }) {
  const look = outcomeLook(act.outcome);
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-0.5 px-4 py-2">
      <span className="min-w-0 flex-1 basis-56">
        <span className="block font-medium">{actWords(act)}</span>
        <span className="block truncate text-sm text-ink-3">
          <Link href={`/admin/customers/${act.account_id}`} className={link}>{act.account_name}</Link> · <Link href={`/admin/services/${act.service_id}`} className={link}>{act.service_name}</Link> · period {act.period}
        </span>
      </span>
      <span className="ml-auto flex flex-wrap items-center justify-end gap-x-4">
        {look ? <StateBadge look={look} /> : null}
        {act.amount ? <Money value={act.amount} className="min-w-20 text-right" /> : null}
        {ask ? <Button look="quiet" onClick={() => ask(parkRequest(act))}>Park<span className="sr-only"> {act.service_name}</span></Button> : null}
      </span>
    </li>
  );
}

export function ActDays({ preview, ask }: { preview: RunPreview; ask: Ask }) {
  const days = byDay(preview.acts);
  const may = useStaffMay("renewals.edit");
  if (days.size === 0) return <Section><p className="text-ink-3">The run has nothing to do in these days.</p></Section>;
  return (
    <div className="space-y-5">
      {[...days].map(([day, acts]) => (
        <Section flush key={day} title={formatDate(day)} aside={<span className="num text-sm text-ink-3">{acts.length}</span>}>
          <ul className="divide-y divide-line">{acts.map((act) => <ActRow key={actKey(act)} act={act} ask={may ? ask : null} />)}</ul>
        </Section>
      ))}
      {preview.count > preview.acts.length ? <p className="text-ink-3">The first {preview.acts.length} of {preview.count} stand here; the totals are of all.</p> : null}
    </div>
  );
}
