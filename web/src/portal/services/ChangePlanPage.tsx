import { useQuery } from "@tanstack/react-query";
import { useLocation, useParams } from "wouter";
import type { PlanChange } from "../../api/planChanges";
import { serviceQuery } from "../../api/services";
import { formatDate } from "../../lib/format";
import { cycleWords } from "../../parts/catalog/words";
import { ChangePlan } from "../../parts/services/ChangePlan";
import { OpenPlanChange } from "../../parts/services/PlanChanges";
import { Page } from "../../ui/Page";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { toast } from "../../ui/Toast";

export function ChangePlanPage() {
  const { id } = useParams<{ id: string }>();
  const [, go] = useLocation();
  const { data: service, error, refetch } = useQuery(serviceQuery(id));
  const crumbs = [{ label: "Services", href: "/services" }, { label: service?.name ?? "Service", href: `/services/${id}` }];
  const done = (change: PlanChange) => {
    if (change.state === "awaiting_payment" && change.invoice_id) return go(`/invoices/${change.invoice_id}`);
    toast(change.state === "scheduled" ? `${change.cycle && change.plan_id === change.plan_before_id ? `Billing ${cycleWords[change.cycle].name.toLowerCase()}` : change.plan_name} begins on ${formatDate(change.effective_on)}` : `The plan is ${change.plan_name} now`);
    return go(`/services/${id}`);
  };
  return (
    <Page title="Change plan or billing term" crumbs={crumbs}>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : !service ? <SkeletonLines /> : (
        <div className="space-y-5"><OpenPlanChange serviceId={id} side="portal" /><ChangePlan id={id} cycle={service.cycle} side="portal" onDone={done} /></div>
      )}
    </Page>
  );
}
