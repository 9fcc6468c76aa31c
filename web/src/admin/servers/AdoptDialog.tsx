import { useQuery } from "@tanstack/react-query";
import { customersQuery } from "../../api/admin";
import { type AdoptionChoices, adopt, panelServerQuery, type Term } from "../../api/adminImports";
import { imagesQuery } from "../../api/catalog";
import { formatExact, today } from "../../lib/format";
import { cycleWords, sizeWords } from "../../parts/catalog/words";
import { Dialog } from "../../ui/Dialog";
import { Notice } from "../../ui/Notice";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { type Fact, FactsDialog } from "../catalog/FactsDialog";

export const terms: Term[] = ["monthly", "quarterly", "half_yearly", "yearly"];
export const termChoices = terms.map((value) => ({ value, label: cycleWords[value].name }));
const sizes: Record<string, string> = { vcpu: "cores", memory_mib: "memory", disk_gib: "disk" };

function planLabel({ name, differs }: AdoptionChoices["plans"][number]): string {
  return differs.length === 0 ? `${name} (its size)` : `${name} (other ${differs.map((each) => sizes[each] ?? each).join(", ")})`;
}

/** The accounts whose it may be stand first, then the newest ones. */
function useAccounts(choices: AdoptionChoices | undefined) {
  const customers = useQuery(customersQuery({ limit: 100 })).data?.items;
  if (!choices || !customers) return null;
  const likely = choices.accounts.map((each) => ({ value: each.id, currency: each.currency, label: `${each.name} (${each.linked ? "its owner at the panel" : "same address"})` }));
  const rest = customers.filter((each) => !likely.some((one) => one.value === each.account_id)).map((each) => ({ value: each.account_id, currency: each.currency, label: each.name }));
  return [...likely, ...rest];
}

function Price({ choices, plan, cycle, currency }: { choices: AdoptionChoices; plan: string; cycle: string; currency: string }) {
  const price = choices.prices.find((each) => each.plan_id === plan && each.cycle === cycle && each.currency === currency);
  return <p className="text-sm text-ink-2">{price ? `${formatExact(price.amount, currency)} ${cycleWords[cycle as Term].per} by the list; the account's own price counts where it has one.` : `This plan has no price for this term in ${currency}.`} Nothing is made, changed or paid now.</p>;
}

/** What is known of it, so that nobody takes one for another. */
function Facts({ choices: { size, ipv4, ipv6, power, suspended, location, panel_server } }: { choices: AdoptionChoices }) {
  const state = suspended ? "suspended" : power;
  return <p className="num text-sm text-ink-2 wrap-anywhere">{[`Panel server ${panel_server}`, ipv4 ?? ipv6, sizeWords(size), location, state].filter(Boolean).join(" · ")}</p>;
}

/** Makes a server that the panel has and nobody here knows an account's, as it stands. */
export function AdoptDialog({ panelServer, onClose }: { panelServer: number; onClose: () => void }) {
  const { data: choices, error, refetch } = useQuery(panelServerQuery(panelServer));
  const images = useQuery(imagesQuery).data?.items;
  const accounts = useAccounts(choices);
  const title = choices ? `Adopt ${choices.called || choices.hostname || panelServer}` : "Adopt";
  if (!choices || !images || !accounts) return <Dialog open title={title} onClose={onClose}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-64 w-full" />}</Dialog>;
  if (choices.refused || accounts.length === 0) return <Dialog open title={title} onClose={onClose}><Notice tone="warn" title="It can't be adopted now">{choices.refused ?? "There is no account yet."}</Notice></Dialog>;
  const facts: Fact[] = [
    { name: "account_id", label: "Account", options: accounts, wide: true, help: `At the panel it belongs to ${choices.owner.name || `user ${choices.owner.ref}`}${choices.owner.email ? `, ${choices.owner.email}` : ""}.` },
    { name: "plan_id", label: "Plan", options: choices.plans.map((each) => ({ value: each.id, label: planLabel(each) })) },
    { name: "image_id", label: "System", options: images.map((each) => ({ value: each.id, label: each.name })) },
    { name: "cycle", label: "Billing term", options: termChoices }, { name: "starts_on", label: "First day billed", kind: "date", help: "Until then it runs and costs nothing." },
    { name: "reason", label: "Reason", wide: true, help: "Kept in the audit log." },
  ];
  return (
    <FactsDialog title={title} verb="Adopt server" facts={facts} names={["reconciliation", "findings", "servers", "orders"]} said="The server is theirs now" onClose={onClose}
      initial={{ account_id: accounts[0]?.value ?? "", plan_id: choices.plans[0]?.id ?? "", image_id: choices.image_id ?? images[0]?.id ?? "", cycle: "monthly", starts_on: today(), reason: "" }}
      save={(values) => adopt(panelServer, {
        account_id: values.account_id ?? "", plan_id: values.plan_id ?? "", image_id: values.image_id ?? "", cycle: values.cycle as Term, starts_on: values.starts_on ?? "", reason: values.reason ?? "",
      })}>
      {(values) => <><Facts choices={choices} /><Price choices={choices} plan={String(values.plan_id)} cycle={String(values.cycle)} currency={accounts.find((each) => each.value === values.account_id)?.currency ?? ""} /></>}
    </FactsDialog>
  );
}
