import { useState } from "react";
import { checkHealth, healthQuery } from "../../api/adminHealth";
import { useStaffMay } from "../../parts/identity/session";
import { Button } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Page } from "../../ui/Page";
import { Tabs } from "../../ui/Tabs";
import { toast, toastError } from "../../ui/Toast";
import { CheckBoard } from "./CheckBoard";
import { FindingHistory } from "./FindingHistory";
import { PanelLine } from "./PanelLine";
import { SystemTabs } from "./SystemTabs";

const look = () => checkHealth().then(() => toast("Every law is being looked at"), toastError);

/** The laws of the house: whether they hold, since when not, and what to do. */
export function HealthPage() {
  const may = useStaffMay("findings.settle");
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  return (
    <Page title="Health" action={may ? <Button icon="refresh" onClick={() => void look()}>Look now</Button> : null}>
      <SystemTabs current="/admin/health" />
      <Tabs label="Health" tabs={[
        { id: "now", label: "Invariants", content: <><PanelLine /><CheckBoard query={healthQuery} often="every five minutes" ask={setAsking} /></> },
        { id: "history", label: "History", content: <FindingHistory area="invariant" /> },
      ]} />
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Page>
  );
}
