import { useQuery } from "@tanstack/react-query";
import { useLocation, useParams } from "wouter";
import { serviceQuery } from "../../api/adminRenewals";
import type { PlanChange } from "../../api/planChanges";
import type { Cycle } from "../../api/types";
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
  const crumbs = [{ label: "Services", href: "/admin/services" }, { label: service?.name ?? "Service", href: `/admin/services/${id}` }];
  const done = (change: PlanChange) => {
    toast(change.state === "awaiting_payment" ? "The change waits for its payment" : change.state === "scheduled" ? "The change is scheduled" : `The plan is ${change.plan_name} now`);
    go(`/admin/services/${id}`);
  };
  return (
    <Page title="Change plan or billing term" crumbs={crumbs}>
      {error ? <ErrorState error={error} retry={() => void refetch()} /> : !service ? <SkeletonLines /> : (
        <div className="space-y-5"><OpenPlanChange serviceId={id} side="admin" /><ChangePlan id={id} cycle={service.cycle as Cycle} side="admin" onDone={done} /></div>
      )}
    </Page>
  );
}
