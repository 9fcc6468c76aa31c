import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { askPlanChange, type Period, type PlanChange, type PlanChangeQuote, type PlanChoice, planChangeQuoteQuery, planChoicesQuery, type Side, type Timing } from "../../api/planChanges";
import type { Cycle } from "../../api/types";
import { isApiError, sayError } from "../../lib/errors";
import { formatDate, formatMoney, formatTraffic } from "../../lib/format";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Choice } from "../../ui/Choice";
import { Input } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { ExactPrice, Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { SkeletonLines } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { cycleWords, sizeWords } from "../catalog/words";
import { PlanQuote } from "./PlanQuote";

export type Changing = { id: string; cycle: Cycle; side: Side; onDone: (change: PlanChange) => void };

/** Nothing speaks against it, now or at renewal. */
const possible = (choice: PlanChoice) => !choice.current && (choice.now === null || choice.renewal === null);

function PlanCard({ choice, cycle, value, onChange }: { choice: PlanChoice; cycle: Period; value: string; onChange: (id: string) => void }) {
  const { plan } = choice;
  const obstacle = choice.current ? null : possible(choice) ? null : (choice.renewal ?? choice.now)?.message;
  return (
    <Choice name="plan" value={plan.id} checked={value === plan.id} disabled={!possible(choice)} onChange={onChange}>
      <span className="grid min-w-0 flex-1 grid-cols-[1fr_auto] gap-x-4 gap-y-0.5">
        <span className="truncate font-medium">{plan.name}{choice.current ? <span className="font-normal text-ink-3"> · what it has</span> : null}</span>
        <span className="text-right">{choice.price_exact ? <ExactPrice amount={choice.price_exact} currency={choice.price.currency} className="font-semibold" /> : <Money value={choice.price} className="font-semibold" />} <span className="text-sm text-ink-3">{cycleWords[cycle].per}</span></span>
        <span className="num col-span-2 text-sm text-ink-2">{sizeWords(plan)}, {formatTraffic(plan.traffic_gb)}</span>
        {obstacle ? <span className="col-span-2 text-sm">{obstacle}</span> : null}
      </span>
    </Choice>
  );
}

/** How often it is billed; another term begins with the next period. */
function Terms({ cycles, value, own, onChange }: { cycles: Period[]; value: Period; own: Cycle; onChange: (cycle: Period) => void }) {
  return (
    <div role="radiogroup" aria-label="Billing term" className="grid grid-cols-2 gap-2 sm:grid-cols-4">
      {cycles.map((each) => (
        <Choice key={each} name="cycle" value={each} checked={value === each} onChange={() => onChange(each)}>
          <span className="text-sm font-medium">{cycleWords[each].name}{each === own ? <span className="block font-normal text-ink-3">as now</span> : null}</span>
        </Choice>
      ))}
    </div>
  );
}

function WhenStep({ choice, timing, onTiming }: { choice: PlanChoice; timing: Timing; onTiming: (timing: Timing) => void }) {
  const options: [Timing, string][] = [["now", "Now"], ["renewal", "With the next period"]];
  return (
    <div role="radiogroup" aria-label="When" className="grid grid-cols-2 gap-2">
      {options.map(([value, word]) => (
        <Choice key={value} name="timing" value={value} checked={timing === value} disabled={choice[value] !== null} onChange={() => onTiming(value)}>
          <span className="text-sm font-medium">{word}</span>
        </Choice>
      ))}
    </div>
  );
}

function verbOf(quote: PlanChangeQuote | undefined, side: Side): string {
  if (!quote) return "Change plan";
  if (quote.timing === "renewal") return `Change on ${formatDate(quote.effective_on)}`;
  if (quote.to_pay.minor > 0) return side === "admin" ? `Ask for ${formatMoney(quote.total)}` : `Go on to pay ${formatMoney(quote.total)}`;
  if (quote.total.minor > 0) return `Pay ${formatMoney(quote.total)} and change`;
  return "Change plan now";
}

/** The chosen plan: when, what it costs to the day, and the button that does it. */
function Decide({ choice, cycle, id, side, onDone }: { choice: PlanChoice; cycle: Period } & Omit<Changing, "cycle">) {
  const [wanted, setTiming] = useState<Timing>("now");
  const timing = choice[wanted] === null ? wanted : choice.now === null ? "now" : "renewal";
  const [reason, setReason] = useState("");
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const { data: quote, error, isPlaceholderData, refetch } = useQuery({ ...planChangeQuoteQuery(side, id, choice.plan.id, timing, cycle), placeholderData: keepPreviousData });
  const old = isPlaceholderData || !quote;
  const ready = !old && quote.refusal === null && (side === "portal" || reason.trim().length > 2);

  async function change(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (!quote || !ready || sending) return;
    setSending(true);
    setFailure(null);
    try {
      const wish = { plan_id: choice.plan.id, timing, cycle: cycle === "hourly" ? null : cycle, quoted_minor: quote.total.minor, use_wallet: true };
      onDone(await askPlanChange(side, id, side === "admin" ? { ...wish, reason: reason.trim() } : wish));
    } catch (problem) {
      setFailure(sayError(problem));
      setSending(false);
      if (isApiError(problem) && problem.code === "quote_changed") void refetch();
    }
  }

  return (
    <form className="space-y-4" aria-label="The change" onSubmit={(event) => void change(event)}>
      {cycle === "hourly" ? null : <WhenStep choice={choice} timing={timing} onTiming={setTiming} />}
      {choice.now && choice.renewal === null && cycle !== "hourly" ? <p className="text-sm text-ink-3">{choice.now.message}</p> : null}
      {error ? <Notice tone="warn">{sayError(error)}</Notice> : quote ? <PlanQuote quote={quote} old={old} /> : <SkeletonLines />}
      {quote?.refusal && !old ? <Notice tone="warn">{quote.refusal.message}</Notice> : null}
      {side === "admin" ? <Field label="Reason" help="Kept in the audit log; needed to go on."><Input value={reason} onChange={(event) => setReason(event.target.value)} /></Field> : null}
      {failure ? <Notice tone="bad" role="alert">{failure}</Notice> : null}
      <Button type="submit" look="primary" size="large" className="w-full" busy={sending} disabled={sending || !ready}>{verbOf(old ? undefined : quote, side)}</Button>
    </form>
  );
}

/** Plans that a service could have on the left, what the chosen one means on the right. */
export function ChangePlan({ id, cycle: own, side, onDone }: Changing) {
  const [chosen, setChosen] = useState("");
  const [wanted, setWanted] = useState<Period | undefined>();
  const { data, error, refetch } = useQuery({ ...planChoicesQuery(side, id, wanted), placeholderData: keepPreviousData });
  if (error) return <ErrorState error={error} retry={() => void refetch()} />;
  if (!data) return <SkeletonLines />;
  const cycle = data.cycle;
  if (!cycle || (data.cycles.length < 2 && data.plans.every((each) => each.current))) return <Section><EmptyState title="No other plan to choose">No other plan is sold in its location for its billing term.</EmptyState></Section>;
  const choice = data.plans.find((each) => each.plan.id === chosen && !each.current);
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_380px]">
      <div className="space-y-5">
        <Section title="Plan">
          <div role="radiogroup" aria-label="Plan" className="grid gap-2">
            {data.plans.map((each) => <PlanCard key={each.plan.id} choice={each} cycle={cycle} value={chosen} onChange={setChosen} />)}
          </div>
          {data.plans.length === 0 ? <p className="text-ink-3">No plan is sold in its location for this billing term.</p> : null}
        </Section>
        {data.cycles.length > 1 ? <Section title="Billing term"><Terms cycles={data.cycles} value={wanted ?? cycle} own={own} onChange={setWanted} /></Section> : null}
      </div>
      <Section title={choice ? `Change to ${choice.plan.name}${cycle === own ? "" : `, ${cycleWords[cycle].name.toLowerCase()}`}` : "What it costs"} className="lg:sticky lg:top-4">
        {choice ? <Decide key={`${choice.plan.id} ${cycle}`} choice={choice} cycle={cycle} id={id} side={side} onDone={onDone} /> : <p className="text-ink-3">Choose a plan to see what it costs, to the day. Another billing term can be chosen for the same plan, too. Nothing changes before you confirm.</p>}
      </Section>
    </div>
  );
}
