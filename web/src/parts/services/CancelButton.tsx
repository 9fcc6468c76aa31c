import { useState } from "react";
import { queryClient } from "../../api/query";
import { cancelService } from "../../api/services";
import type { ServiceWhole } from "../../api/types";
import { Button } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { On } from "../../ui/DateTime";

async function choose(service: ServiceWhole, atPeriodEnd: boolean): Promise<void> {
  queryClient.setQueryData(["services", "one", service.id], await cancelService(service.id, atPeriodEnd));
  void queryClient.invalidateQueries({ queryKey: ["services"] });
}

/** Ends a service with its period, or by the hour now; until then it can be kept after all. */
export function CancelButton({ service }: { service: ServiceWhole }) {
  const [request, setRequest] = useState<ConfirmRequest | null>(null);
  const ask = () => setRequest(service.cycle === "hourly" ? {
    title: `End ${service.name} now?`, verb: "End it now", danger: true,
    body: <p>The hour that runs is the last one you pay. Its server is switched off at once, and some days later its data is erased. Its invoice comes within minutes.</p>,
    run: () => choose(service, true),
  } : {
    title: `Cancel ${service.name}?`, verb: "Cancel at the end of the period", danger: true,
    body: <p>It runs until <On on={service.renews_on ?? ""} />, which is paid for, and is not renewed. Then its server is switched off, and some days later its data is erased. Until it ends you can change your mind here.</p>,
    run: () => choose(service, true),
  });
  return (
    <>
      {service.can.includes("cancel") ? <Button onClick={ask}>{service.cycle === "hourly" ? "End it now" : "Cancel service"}</Button> : null}
      {service.can.includes("keep") ? <Button look="primary" onClick={() => void choose(service, false)}>Keep it after all</Button> : null}
      <Confirm request={request} onClose={() => setRequest(null)} />
    </>
  );
}
