import { useState } from "react";
import { staffHold, staffTask } from "../../api/adminBulk";
import type { AdminServerWhole } from "../../api/adminTypes";
import { serverName } from "../../parts/servers/words";
import { Button } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { FactsDialog } from "../catalog/FactsDialog";
import { staffHolds } from "./bulkWords";

const power = [
  ["start", "Start", "It is started."], ["restart", "Restart", "Its system is asked to restart; what runs on it is interrupted."],
  ["shutdown", "Shut down", "Its system is asked to shut down; it stays off until it is started."], ["poweroff", "Power off", "It is cut off at once, as by pulling the plug. What was not written is lost."],
] as const;
const mine = ["staff", "abuse"] as const;

/** What staff may have done to this server, each with a reason. */
export function StaffServerActions({ server }: { server: AdminServerWhole }) {
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const [holding, setHolding] = useState<"suspend" | "resume" | null>(null);
  const name = serverName(server);
  const holds = mine.filter((hold) => server.holds.includes(hold) === (holding === "resume"));
  const canResume = server.can.includes("resume") && mine.some((hold) => server.holds.includes(hold));
  const canSuspend = server.can.includes("suspend") && mine.some((hold) => !server.holds.includes(hold));
  return (
    <>
      {power.filter(([kind]) => server.can.includes(kind)).map(([kind, verb, says]) => (
        <Button key={kind} onClick={() => setAsking({ title: `${verb} ${name}?`, verb, danger: kind === "poweroff", reasonLabel: "Reason", body: <p>{says} Its customer sees this task and that staff asked.</p>, run: (reason) => staffTask(server.id, kind, reason) })}>{verb}</Button>
      ))}
      {canResume ? <Button look="primary" onClick={() => setHolding("resume")}>Resume</Button> : null}
      {canSuspend ? <Button look="danger" onClick={() => setHolding("suspend")}>Suspend</Button> : null}
      {holding ? (
        <FactsDialog title={`${holding === "suspend" ? "Suspend" : "Resume"} ${name}`} verb={holding === "suspend" ? "Suspend server" : "Lift hold"} said={holding === "suspend" ? "The server is being suspended" : "The hold is lifted"} names={["servers", "services"]} onClose={() => setHolding(null)} initial={{ hold: holds[0] ?? "staff", reason: "" }}
          facts={[{ name: "hold", label: "Because of", help: holding === "suspend" ? "It stops, its customer reads of it, and no payment lifts this." : "With the last hold it runs again.", options: holds.map((value) => ({ value, label: staffHolds[value] })) }, { name: "reason", label: "Reason", help: "Kept in the audit log.", wide: true }]}
          save={({ hold, reason }) => staffHold(server.id, holding, hold === "abuse" ? "abuse" : "staff", reason ?? "")} />
      ) : null}
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </>
  );
}
