import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { serviceQuery } from "../../api/services";
import { cycleWords } from "../../parts/catalog/words";
import { mayIn, useViewer } from "../../parts/identity/session";
import { OpenPlanChange } from "../../parts/services/PlanChanges";
import { CancelButton } from "../../parts/services/CancelButton";
import { LinkButton } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { At, On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import type { TabProps } from "./tabs";

const link = "text-accent-text underline underline-offset-2";

/** The end of the service, chosen or taken back; what it means for the server is said before. */
function Ending({ serviceId }: { serviceId: string }) {
  const service = useQuery(serviceQuery(serviceId)).data;
  if (!service) return null;
  const able = service.can.some((verb) => ["cancel", "end_now", "keep", "undo"].includes(verb));
  return (
    <div className="mt-4 space-y-3 empty:hidden">
      <OpenPlanChange serviceId={service.id} side="portal" />
      {service.cancels_on ? <Notice tone="warn" role="status">It ends on <On on={service.cancels_on} /> and is not renewed. Until then you can keep it after all.</Notice> : null}
      {service.state === "terminated" && service.erases_at ? <Notice tone="warn" role="status">It has ended. What is on it is kept until <At at={service.erases_at} />; {service.can.includes("undo") ? "until then you can take the end back." : "write to us if you want it back."}</Notice> : null}
      {able || service.can.includes("change_plan") ? (
        <div className="flex flex-wrap gap-2">
          {service.can.includes("change_plan") ? <LinkButton href={`/services/${service.id}/plan`}>Change plan or term</LinkButton> : null}
          <CancelButton service={service} />
        </div>
      ) : null}
    </div>
  );
}

export function BillingTab({ server }: TabProps) {
  const { account } = useViewer();
  return (
    <Section title="Billing" className="max-w-[640px]">
      <Facts items={[
        ["Price", <span key="price"><Money value={server.price} /> {cycleWords[server.cycle].per}</span>], ["Billed", cycleWords[server.cycle].name],
        ["Renews", server.renews_on ? <On key="renews" on={server.renews_on} /> : "not set"],
        ["Service", <Link key="service" className={link} href={`/services/${server.service_id}`}>Periods and what comes next</Link>],
        ["Invoices", <Link key="invoices" className={link} href="/invoices">All invoices</Link>],
        ...(server.order_id ? [["Order", <Link key="order" className={link} href={`/orders/${server.order_id}`}>Open the order</Link>] as [string, ReactNode]] : []),
      ]} />
      {mayIn(account, "billing.view") ? <Ending serviceId={server.service_id} /> : null}
    </Section>
  );
}
