import { type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Check, Finding, Health } from "../../api/adminHealth";
import type { ConfirmRequest } from "../../ui/Confirm";
import { Ago } from "../../ui/DateTime";
import { Notice } from "../../ui/Notice";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { CheckList } from "./CheckList";
import { RunbookDialog } from "./RunbookDialog";

function summary(checks: Check[], noun: string): string {
  const broken = checks.filter((check) => check.state === "broken").length;
  if (broken > 0) return `${broken} of ${checks.length} ${noun} ${broken === 1 ? "is" : "are"} broken`;
  return checks.every((check) => check.state === "holds") ? `all ${checks.length} ${noun} hold` : "no new trouble";
}

/** The checks of one area as they stand, with the warning that nobody looks any more. */
export function CheckBoard({ query, often, only, ask, repairs }: {
  query: UseQueryOptions<Health, Error, Health, string[]>; often: string; only?: string[]; ask: (request: ConfirmRequest) => void; repairs?: (finding: Finding) => ReactNode;
}) {
  const { data: health, error, refetch } = useQuery(query);
  const [read, setRead] = useState<Check | null>(null);
  if (!health) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-96 w-full" />;
  const checks = only ? health.checks.filter((check) => only.includes(check.name)) : health.checks;
  return (
    <>
      {health.late ? <div className="mb-4"><Notice tone="bad" role="alert" title="Nobody looks">{health.looked_at ? <>The last look was <Ago at={health.looked_at} happened />. </> : "No look was ever written down. "}They come {often} while a worker runs: start one.</Notice></div> : null}
      <p className="mb-3 text-sm text-ink-3">{summary(checks, "laws")}{health.looked_at ? <>; looked at <Ago at={health.looked_at} happened /></> : null}</p>
      <CheckList checks={checks} ask={ask} onRunbook={setRead} repairs={repairs} />
      <RunbookDialog check={read} onClose={() => setRead(null)} />
    </>
  );
}
