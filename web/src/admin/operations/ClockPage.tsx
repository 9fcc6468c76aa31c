import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Clock, clockQuery, type Turn, turnClock, turnsQuery } from "../../api/adminClock";
import { formatInstant } from "../../lib/format";
import { useUrl } from "../../lib/url";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Select } from "../../ui/controls";
import { At } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { toastError } from "../../ui/Toast";
import { SystemTabs } from "./SystemTabs";
import { TurnFollowed } from "./TurnFollowed";

function ahead(seconds: number): string {
  const whole = Math.round(seconds / 3600);
  const [days, hours] = [Math.floor(whole / 24), whole % 24];
  if (whole === 0) return "about as late as outside";
  return `${days} ${days === 1 ? "day" : "days"}${hours ? ` and ${hours} ${hours === 1 ? "hour" : "hours"}` : ""} ahead of outside`;
}

function Hands({ clock, onTurned }: { clock: Clock; onTurned: (turn: Turn) => void }) {
  const [asking, setAsking] = useState(false);
  const busy = asking || clock.turning !== null;
  const turn = (days: number | null) => {
    setAsking(true);
    turnClock(days).then(onTurned, toastError).finally(() => setAsking(false));
  };
  return (
    <Section title="It is" aside={<span className="text-sm text-ink-3">{ahead(clock.ahead_seconds)}</span>}>
      <p className="num text-2xl font-semibold">{formatInstant(clock.now)}</p>
      <p className="mt-1 text-ink-2">{clock.next_act_at ? <>The billing run has something to do next on <At at={clock.next_act_at} />.</> : "Nothing is planned: nobody has a service that will be billed."}</p>
      <div className="mt-4 flex flex-wrap gap-2">
        <Button look="primary" busy={busy} disabled={busy || clock.next_act_at === null} onClick={() => turn(null)}>To what comes next</Button>
        <Button disabled={busy} onClick={() => turn(1)}>1 day on</Button>
        <Button disabled={busy} onClick={() => turn(7)}>7 days on</Button>
        <Button disabled={busy} onClick={() => turn(31)}>31 days on</Button>
      </div>
      <p className="mt-3 text-sm text-ink-3">The whole company moves, its simulated vendors too, a step at a time: at each step everything that is due happens before the next. It never turns back.</p>
    </Section>
  );
}

/** The sandbox's clock: turn the company and watch exactly what follows. */
export function ClockPage() {
  const clock = useQuery(clockQuery);
  const turns = useQuery(turnsQuery);
  const [params, change] = useUrl();
  const shown = params.get("turn") ?? clock.data?.turning?.id ?? turns.data?.items[0]?.id ?? null;
  return (
    <Page title="Clock">
      <SystemTabs current="/admin/clock" />
      {clock.data ? (
        <div className="space-y-5">
          <Hands clock={clock.data} onTurned={(turn) => change({ turn: turn.id })} />
          {turns.data && turns.data.items.length > 1 ? (
            <Select aria-label="Which turn" className="w-full max-w-96" value={shown ?? ""} onChange={(event) => change({ turn: event.target.value })}>
              {turns.data.items.map((turn) => <option key={turn.id} value={turn.id}>{formatInstant(turn.from_at)} to {formatInstant(turn.to_at)}</option>)}
            </Select>
          ) : null}
          {shown ? <TurnFollowed id={shown} /> : <Section flush><EmptyState title="The clock was not turned yet">What the run did, which invoices, mails and server tasks followed: all of it will stand here in its order.</EmptyState></Section>}
        </div>
      ) : clock.error ? <ErrorState error={clock.error} retry={clock.refetch} /> : <Skeleton className="h-48 w-full" />}
    </Page>
  );
}
