import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Check, checkHealth, type Health, healthQuery } from "../../api/adminHealth";
import { Button } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Ago } from "../../ui/DateTime";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { toast, toastError } from "../../ui/Toast";
import { CheckList } from "./CheckList";
import { FindingHistory } from "./FindingHistory";
import { RunbookDialog } from "./RunbookDialog";
import { SystemTabs } from "./SystemTabs";

type Ask = (request: ConfirmRequest) => void;

function summary({ checks }: Health): string {
  const broken = checks.filter((check) => check.state === "broken").length;
  if (broken > 0) return `${broken} of ${checks.length} laws are broken`;
  return checks.every((check) => check.state === "holds") ? `all ${checks.length} laws hold` : "no new trouble";
}

function Now({ ask }: { ask: Ask }) {
  const { data: health, error, refetch } = useQuery(healthQuery);
  const [read, setRead] = useState<Check | null>(null);
  if (!health) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-96 w-full" />;
  return (
    <>
      {health.late ? <div className="mb-4"><Notice tone="bad" role="alert" title="Nobody looks">{health.looked_at ? <>The last look was <Ago at={health.looked_at} happened />. </> : "No look was ever written down. "}They come every five minutes while a worker runs: start one.</Notice></div> : null}
      <p className="mb-3 text-sm text-ink-3">{summary(health)}{health.looked_at ? <>; looked at <Ago at={health.looked_at} happened /></> : null}</p>
      <CheckList checks={health.checks} ask={ask} onRunbook={setRead} />
      <RunbookDialog check={read} onClose={() => setRead(null)} />
    </>
  );
}

const look = () => checkHealth().then(() => toast("Every law is being looked at"), toastError);

/** The laws of the house: whether they hold, since when not, and what to do. */
export function HealthPage() {
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  return (
    <Page title="Health" action={<Button icon="refresh" onClick={() => void look()}>Look now</Button>}>
      <SystemTabs current="/admin/health" />
      <Tabs label="Health" tabs={[{ id: "now", label: "Invariants", content: <Now ask={setAsking} /> }, { id: "history", label: "History", content: <FindingHistory area="invariant" /> }]} />
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}
