import { useQuery } from "@tanstack/react-query";
import { customersQuery } from "../../api/admin";
import { type ImportRow, runImport, type Term } from "../../api/adminImports";
import { imagesQuery } from "../../api/catalog";
import { today } from "../../lib/format";
import { Notice } from "../../ui/Notice";
import { useChoices } from "../catalog/useChoices";
import { type Fact, FactsDialog } from "../catalog/FactsDialog";
import { termChoices } from "./AdoptDialog";

const asShown = { value: "", label: "As shown in each row" };
const asFound = { value: "", label: "As it was installed, where we sell it" };
const plural = (count: number) => (count === 1 ? "1 server" : `${count} servers`);
const kept = (given: unknown, own: string | null) => String(given ?? "") || own;

/** Which of the chosen servers lack a plan or a system even so. */
function lacking(rows: ImportRow[], plan: unknown, image: unknown): ImportRow[] {
  return rows.filter((row) => !kept(plan, row.plan_id) || !kept(image, row.image_id));
}

/** Says what the chosen servers become, then has each adopted by a job of its own. */
export function ImportDialog({ id, rows, onClose, onBegun }: { id: string; rows: ImportRow[]; onClose: () => void; onBegun: () => void }) {
  const choices = useChoices();
  const images = useQuery(imagesQuery).data?.items;
  const customers = useQuery(customersQuery({ limit: 100 })).data?.items;
  if (!choices.ready || !images || !customers) return null;
  const fresh = rows.filter((row) => !row.account_id).length;
  const facts: Fact[] = [
    { name: "account_id", label: "Account", optional: true, wide: true, options: [{ value: "", label: "As shown, or a new one for the owner" }, ...customers.map((each) => ({ value: each.account_id, label: each.name }))] },
    { name: "plan_id", label: "Plan", optional: true, options: [asShown, ...choices.plans] },
    { name: "image_id", label: "System", optional: true, options: [asFound, ...images.map((each) => ({ value: each.id, label: each.name }))] },
    { name: "cycle", label: "Billing term", options: termChoices }, { name: "starts_on", label: "First day billed", kind: "date", help: "Until then they run and cost nothing." },
    { name: "currency", label: "New accounts pay in", options: choices.currencies },
    { name: "invite", label: "Mail to new customers", options: [{ value: "", label: "None, you tell them yourself" }, { value: "yes", label: "A link to set a password" }], optional: true },
    { name: "reason", label: "Reason", wide: true, help: "Kept in the audit log." },
  ];
  return (
    <FactsDialog title={`Adopt ${plural(rows.length)}`} verb={`Adopt ${rows.length}`} facts={facts} names={["imports"]} said="They are being adopted" onClose={onClose}
      initial={{ account_id: "", plan_id: "", image_id: "", cycle: "monthly", starts_on: today(), currency: choices.currencies[0]?.value ?? "EUR", invite: "", reason: "" }}
      save={async (values) => {
        const whole = rows.flatMap((row) => {
          const [plan_id, image_id] = [kept(values.plan_id, row.plan_id), kept(values.image_id, row.image_id)];
          return plan_id && image_id ? [{ id: row.id, account_id: values.account_id || row.account_id, plan_id, image_id, cycle: values.cycle as Term, starts_on: values.starts_on ?? "" }] : [];
        });
        await runImport(id, { rows: whole, currency: values.currency ?? "", invite: values.invite === "yes", reason: values.reason ?? "" });
        onBegun();
      }}>
      {(values) => {
        const left = lacking(rows, values.plan_id, values.image_id).length;
        return (
          <div className="space-y-2">
            {left > 0 ? <Notice tone="warn" title={`${plural(left)} left out`}>No plan of ours has their size, or their system is not recognised. Choose a plan and a system here for all of them.</Notice> : null}
            <p className="text-sm text-ink-2">{fresh > 0 && !values.account_id ? `For ${plural(fresh)} an account is found by the owner's address or opened. ` : ""}Nothing is made or changed at the panel, nothing is paid now. Each costs what the list says, or its account's own price.</p>
          </div>
        );
      }}
    </FactsDialog>
  );
}
