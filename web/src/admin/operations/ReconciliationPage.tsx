import { useState } from "react";
import { comparePanel, type Finding, healthQuery, reconciliationQuery, repair, type RepairVerb } from "../../api/adminHealth";
import { useStaffMay } from "../../parts/identity/session";
import { Button, LinkButton } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Page } from "../../ui/Page";
import { Tabs } from "../../ui/Tabs";
import { toast, toastError } from "../../ui/Toast";
import { UnmatchedTable } from "../billing/UnmatchedPage";
import { AdoptDialog } from "../servers/AdoptDialog";
import { CheckBoard } from "./CheckBoard";
import { FindingHistory } from "./FindingHistory";
import { SystemTabs } from "./SystemTabs";

type Ask = (request: ConfirmRequest) => void;
type Words = { verb: string; says: string; danger?: boolean };

const words: Record<RepairVerb, Words> = {
  suspend: { verb: "Suspend at the panel", says: "The panel is asked to suspend it, as its service is here." },
  unsuspend: { verb: "Lift it at the panel", says: "The panel is asked to lift the suspension: its service is active." },
  delete: { verb: "Delete at the panel", says: "The panel deletes it with its disks. Nothing brings the data back.", danger: true },
  make_again: { verb: "Make it again", says: "A fresh server of the same size is made for its service: empty, with other addresses. Nothing is billed for it.", danger: true },
  give_back: { verb: "Give it back", says: "Its account's user becomes its owner at the panel again; who has it now loses it." },
  resize: { verb: "Give the size that was sold", says: "The panel changes its package. A larger disk stays as it is; memory and cores count from the server's next restart." },
  tell_name: { verb: "Tell the panel our name", says: "The panel is asked to call it as its customer does." },
  take_name: { verb: "Take the panel's name", says: "It is called here as the panel calls it; its customer sees that." },
  end_service: { verb: "End the service", says: "The service ends now and is billed no more. Refund what is unused on its invoice.", danger: true },
};
const isRepair = (verb: string): verb is RepairVerb => verb in words;

function Adopt({ finding }: { finding: Finding }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look="primary" onClick={() => setOpen(true)}>Adopt<span className="sr-only">: {String(finding.facts.name ?? "")}</span></Button>
      {open ? <AdoptDialog panelServer={Number(finding.facts.panel_server)} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function Repairs({ finding, ask }: { finding: Finding; ask: Ask }) {
  const name = String(finding.facts.name ?? "");
  const mayAdopt = useStaffMay("orders.edit");
  return (
    <>
      {finding.check === "panel_unbilled" && finding.account_id ? <LinkButton href={`/admin/customers/${finding.account_id}/invoice`}>Write a bill</LinkButton> : null}
      {finding.check === "panel_unknown_server" && mayAdopt ? <Adopt finding={finding} /> : null}
      {finding.can.filter(isRepair).map((verb) => (
        <Button key={verb} onClick={() => ask({
          title: `${words[verb].verb}?`, verb: words[verb].verb, reasonLabel: "Reason", danger: words[verb].danger, typedName: words[verb].danger ? name : undefined,
          body: <><p>{finding.text}</p><p>{words[verb].says} It is looked at once more before anything is done.</p></>,
          run: (reason) => repair(finding.id, verb, reason, words[verb].danger ? name : ""),
        })}>{words[verb].verb}<span className="sr-only">: {name}</span></Button>
      ))}
    </>
  );
}

const books = ["money_has_its_place", "paid_order_served", "active_service_has_server", "one_charge_per_period", "coming_period"];
const look = () => comparePanel().then(() => toast("The panel is being compared"), toastError);

/** PayPal, the books and the panel: what one side knows and another does not. */
export function ReconciliationPage() {
  const may = useStaffMay("findings.settle");
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  return (
    <Page title="Reconciliation" action={may ? <Button icon="refresh" onClick={() => void look()}>Compare now</Button> : null}>
      <SystemTabs current="/admin/reconciliation" />
      <Tabs label="Sides" tabs={[
        { id: "panel", label: "Panel and services", content: <CheckBoard query={reconciliationQuery} often="every hour" ask={setAsking} repairs={(finding) => <Repairs finding={finding} ask={setAsking} />} /> },
        { id: "paypal", label: "PayPal and books", content: <UnmatchedTable /> },
        { id: "books", label: "Books and services", content: <CheckBoard query={healthQuery} often="every five minutes" only={books} ask={setAsking} /> },
        { id: "history", label: "History", content: <FindingHistory area="panel" /> },
      ]} />
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}
