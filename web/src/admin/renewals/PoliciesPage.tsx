import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { adminPlansQuery } from "../../api/admin";
import { dropPolicy, followPolicy, policiesQuery, type PolicyShown } from "../../api/adminRenewals";
import { queryClient } from "../../api/query";
import { useStaffMay } from "../../parts/identity/session";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Select } from "../../ui/controls";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { toast, toastError } from "../../ui/Toast";
import { MoneyTabs } from "../billing/MoneyTabs";
import { PolicyDialog } from "./PolicyDialog";
import { PolicyLine } from "./PolicyLine";

const nameOf = (policy: PolicyShown) => policy.terms.name ?? "Standard";
const refresh = () => queryClient.invalidateQueries({ queryKey: ["admin", "renewal-policies"] });

const dropRequest = (id: string, name: string): ConfirmRequest => ({
  title: `Delete ${name}?`, body: <p>No plan may follow it any more. This cannot be undone.</p>, verb: "Delete policy", danger: true, run: () => dropPolicy(id).then(refresh),
});

function PolicyCard({ policy, edit, ask }: { policy: PolicyShown; edit: (policy: PolicyShown) => void; ask: (request: ConfirmRequest) => void }) {
  const { id } = policy;
  const name = nameOf(policy);
  const may = useStaffMay("renewals.edit");
  return (
    <Section title={<span className="inline-flex items-center gap-2">{name}{policy.default ? <Badge tone="accent">Default</Badge> : null}{id ? null : <Badge>Built in</Badge>}</span>}
      aside={may ? <span className="flex gap-1"><Button look="quiet" onClick={() => edit(policy)}>Change<span className="sr-only"> {name}</span></Button>{id && policy.plans.length === 0 ? <Button look="quiet" onClick={() => ask(dropRequest(id, name))}>Delete<span className="sr-only"> {name}</span></Button> : null}</span> : null}>
      <PolicyLine policy={policy} />
      <p className="mt-4 text-sm text-ink-3">{policy.plans.length > 0 ? `Followed by ${policy.plans.join(", ")}` : policy.default ? "Followed by every plan that follows no other" : "No plan follows it"}</p>
    </Section>
  );
}

const follow = (planId: string, policyId: string) => void followPolicy(planId, policyId || null).then(refresh).then(() => toast("The plan follows it within minutes"), toastError);

function PlansFollow({ policies }: { policies: PolicyShown[] }) {
  const plans = useQuery(adminPlansQuery()).data?.items ?? [];
  const kept = policies.filter((policy) => policy.id !== null);
  const may = useStaffMay("renewals.edit");
  return (
    <Section flush title="Which plan follows which" className="mt-5">
      <ul className="divide-y divide-line">
        {plans.map((plan) => (
          <li key={plan.id} className="flex items-center justify-between gap-4 px-4 py-2">
            <span className="min-w-0 truncate font-medium">{plan.name}</span>
            <Select className="w-48 shrink-0" aria-label={`Policy of ${plan.name}`} disabled={!may} value={kept.find((policy) => policy.plans.includes(plan.name))?.id ?? ""} onChange={(event) => follow(plan.id, event.target.value)}>
              <option value="">The default</option>
              {kept.map((policy) => <option key={policy.id} value={policy.id ?? ""}>{nameOf(policy)}</option>)}
            </Select>
          </li>
        ))}
      </ul>
    </Section>
  );
}

export function PoliciesPage() {
  const { data, error, refetch } = useQuery(policiesQuery);
  const [open, setOpen] = useState<PolicyShown | "new" | null>(null);
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const may = useStaffMay("renewals.edit");
  return (
    <Page title="Policies" action={may ? <Button look="primary" icon="plus" onClick={() => setOpen("new")}>New policy</Button> : null}>
      <MoneyTabs current="/admin/policies" />
      {data ? (
        <>
          <div className="grid items-start gap-5 lg:grid-cols-2">{data.items.map((policy) => <PolicyCard key={policy.id ?? "built-in"} policy={policy} edit={setOpen} ask={setAsking} />)}</div>
          <PlansFollow policies={data.items} />
        </>
      ) : error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-96 w-full" />}
      {open ? <PolicyDialog policy={open === "new" ? null : open} onClose={() => setOpen(null)} /> : null}
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}
