import { useState } from "react";
import { queryClient } from "../../api/query";
import { cancelService, endService, undoEnd } from "../../api/services";
import type { ServiceWhole } from "../../api/types";
import { Button } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { On } from "../../ui/DateTime";

async function shown(service: Promise<ServiceWhole>): Promise<void> {
  const found = await service;
  queryClient.setQueryData(["services", "one", found.id], found);
  await Promise.all(["services", "servers", "invoices"].map((root) => queryClient.invalidateQueries({ queryKey: [root] })));
}

const atPeriodEnd = (service: ServiceWhole): ConfirmRequest => ({
  title: `Cancel ${service.name}?`, verb: "Cancel at the end of the period", danger: true, run: () => shown(cancelService(service.id, true)),
  body: <p>It runs until <On on={service.renews_on ?? ""} />, which is paid for, and is not renewed. Then its server is switched off, and some days later its data is erased. Until then you can change your mind here.</p>,
});

/** What is lost and what is not, in the words of the policy that it follows. */
function endNow(service: ServiceWhole): ConfirmRequest {
  const kept = service.policy.terms.erase ?? 0;
  return {
    title: `End ${service.name} now?`, verb: "End it now", danger: true, typedName: service.name, run: () => shown(endService(service.id, service.name)),
    body: (
      <>
        <p>Its server is switched off at once. {kept === 0 ? "What is on it is erased at once, for good." : `What is on it is kept for ${kept} ${kept === 1 ? "day" : "days"}, in which you can take this back here; then it is erased for good.`}</p>
        <p>{service.cycle === "hourly" ? "The hour that runs is the last one you pay; its invoice comes within minutes." : "Nothing is given back for the rest of the period that is paid. To use it up, cancel at its end instead."}</p>
      </>
    ),
  };
}

const undo = (service: ServiceWhole): ConfirmRequest => ({
  title: `Take back the end of ${service.name}?`, verb: "Let it run again", run: () => shown(undoEnd(service.id)),
  body: <p>Its server starts again with everything on it, and it is billed as before.</p>,
});

/** Ends a service with its period or now; until its data is erased that can be taken back. */
export function CancelButton({ service }: { service: ServiceWhole }) {
  const [request, setRequest] = useState<ConfirmRequest | null>(null);
  const can = (verb: string) => service.can.includes(verb);
  return (
    <>
      {can("cancel") && service.cycle !== "hourly" ? <Button onClick={() => setRequest(atPeriodEnd(service))}>Cancel service</Button> : null}
      {can("end_now") ? <Button onClick={() => setRequest(endNow(service))}>End it now</Button> : null}
      {can("keep") ? <Button look="primary" onClick={() => void shown(cancelService(service.id, false))}>Keep it after all</Button> : null}
      {can("undo") ? <Button look="primary" onClick={() => setRequest(undo(service))}>Take the end back</Button> : null}
      <Confirm request={request} onClose={() => setRequest(null)} />
    </>
  );
}
