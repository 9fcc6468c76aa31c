import { useQuery } from "@tanstack/react-query";
import { approveRun, needApproval, type RunGate, runGateQuery, type RunPreview } from "../../api/adminRenewals";
import { useStaffMay } from "../../parts/identity/session";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import type { ConfirmRequest } from "../../ui/Confirm";
import { At } from "../../ui/DateTime";

type Ask = (request: ConfirmRequest) => void;

const askWait = (needed: boolean): ConfirmRequest => needed
  ? { title: "Let the run wait for an approval?", verb: "Let it wait", reasonLabel: "Reason", run: (reason) => needApproval(true, reason),
      body: <p>From now on the run does nothing that is due after the last approval. What waits is told on Health and by mail; it is done late, each thing once.</p> }
  : { title: "Let the run go on by itself?", verb: "Let it go on", reasonLabel: "Reason", run: (reason) => needApproval(false, reason),
      body: <p>What waits is done within a minute, and from then on everything on its day.</p> };

const askApprove = (preview: RunPreview): ConfirmRequest => ({
  title: `Approve the next ${preview.days} days?`, verb: "Approve", reasonLabel: "Reason", run: (reason) => approveRun(preview.until, reason),
  body: <><p>{preview.count === 1 ? "One thing" : `${preview.count} things`} as shown, and what else falls due until <At at={preview.until} />. An approval is not taken back: park what looks wrong before.</p></>,
});

function Said({ gate }: { gate: RunGate }) {
  if (!gate.needed) return <p>It does what is due by itself. Staff may be asked before.</p>;
  if (!gate.approved_until) return <p>Nothing is approved yet: it does nothing.</p>;
  return <p>Approved until <At at={gate.approved_until} /> by {gate.approved_by}. <span className="wrap-anywhere text-ink-3">{gate.reason}</span></p>;
}

/** Whether the run waits for staff; here they approve what the preview shows. */
export function RunGateCard({ preview, ask }: { preview: RunPreview; ask: Ask }) {
  const gate = useQuery(runGateQuery).data;
  const may = useStaffMay("renewals.edit");
  if (!gate) return null;
  return (
    <Section title={gate.needed ? "The run waits for approval" : "The run goes on by itself"} className="mb-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Said gate={gate} />
        {may ? (
          <span className="flex flex-wrap gap-2">
            <Button onClick={() => ask(askWait(!gate.needed))}>{gate.needed ? "Let it go on by itself" : "Let it wait for approval"}</Button>
            {gate.needed ? <Button look="primary" onClick={() => ask(askApprove(preview))}>Approve the next {preview.days} days</Button> : null}
          </span>
        ) : null}
      </div>
    </Section>
  );
}
