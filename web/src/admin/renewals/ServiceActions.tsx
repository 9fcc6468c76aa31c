import { useState } from "react";
import { type HoldName, holdService, type ServiceWhole, tellService } from "../../api/adminRenewals";
import { Button, LinkButton } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { FactsDialog } from "../catalog/FactsDialog";
import { holdWords, parkRequest, unparkRequest } from "./words";

const byHand: HoldName[] = ["abuse", "staff", "dispute"];
const has = (service: ServiceWhole, hold: HoldName) => service.holds.some((each) => each === hold);

const told = {
  hold: { title: "Hold", verb: "Hold service", said: "The service is held", help: "The service is suspended, and no payment lifts this." },
  release: { title: "Release", verb: "Lift hold", said: "The hold is lifted", help: "With the last hold the service runs again." },
};

function HoldDialog({ service, verb, onClose }: { service: ServiceWhole; verb: "hold" | "release"; onClose: () => void }) {
  const words = told[verb];
  const holds = byHand.filter((hold) => has(service, hold) === (verb === "release"));
  return (
    <FactsDialog title={`${words.title} ${service.name}`} verb={words.verb} said={words.said} names={["services"]} onClose={onClose} initial={{ hold: holds[0] ?? "", reason: "" }}
      facts={[{ name: "hold", label: "Because of", help: words.help, options: holds.map((value) => ({ value, label: holdWords[value] })) }, { name: "reason", label: "Reason", help: "Kept in the audit log.", wide: true }]}
      save={({ hold, reason }) => holdService(service.id, verb, hold as HoldName, reason ?? "")} />
  );
}

function terminateRequest(service: ServiceWhole): ConfirmRequest {
  const kept = service.policy.terms.erase ?? 0;
  return {
    title: `Terminate ${service.name}?`, verb: "Terminate service", danger: true, typedName: service.name, reasonLabel: "Reason", run: (reason) => tellService(service.id, "terminate", reason),
    body: (
      <>
        <p>It ends at once: its server is suspended, and it is not billed any more. Invoices that are issued stay.</p>
        <p>{kept === 0 ? "Its data is erased at once, for good." : `Its data is kept for ${kept} ${kept === 1 ? "day" : "days"}, in which this can be undone; then it is erased for good.`}</p>
      </>
    ),
  };
}

const undoRequest = (service: ServiceWhole): ConfirmRequest => ({
  title: `Take back the end of ${service.name}?`, verb: "Undo termination", reasonLabel: "Reason", run: (reason) => tellService(service.id, "undo", reason),
  body: <p>It is billed again, and runs unless something else holds it: {service.holds.filter((hold) => hold !== "ended").map((hold) => holdWords[hold].toLowerCase()).join(", ") || "nothing does"}.</p>,
});

/** The buttons that the server says can be pressed. */
export function ServiceActions({ service }: { service: ServiceWhole }) {
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const [holding, setHolding] = useState<"hold" | "release" | null>(null);
  const can = (verb: string) => service.can.includes(verb);
  const named = { service_id: service.id, service_name: service.name };
  return (
    <>
      {can("unpark") ? <Button onClick={() => setAsking(unparkRequest(named))}>Let it go on</Button> : null}
      {can("park") ? <Button onClick={() => setAsking(parkRequest(named))}>Park</Button> : null}
      {can("release") && byHand.some((hold) => has(service, hold)) ? <Button onClick={() => setHolding("release")}>Release</Button> : null}
      {can("hold") && byHand.some((hold) => !has(service, hold)) ? <Button onClick={() => setHolding("hold")}>Hold</Button> : null}
      {can("change_plan") ? <LinkButton href={`/admin/services/${service.id}/plan`}>Change plan</LinkButton> : null}
      {can("undo") ? <Button look="primary" onClick={() => setAsking(undoRequest(service))}>Undo termination</Button> : null}
      {can("terminate") ? <Button look="danger" onClick={() => setAsking(terminateRequest(service))}>Terminate</Button> : null}
      {holding ? <HoldDialog service={service} verb={holding} onClose={() => setHolding(null)} /> : null}
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </>
  );
}
