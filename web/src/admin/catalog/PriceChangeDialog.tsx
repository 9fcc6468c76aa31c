import { useState } from "react";
import { announceChange, previewChange, type PriceChange, type PricePreview } from "../../api/prices";
import { sayError } from "../../lib/errors";
import { today } from "../../lib/format";
import { Button } from "../../ui/Button";
import type { Values } from "../../ui/form";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { decimal, type Fact, FactsDialog } from "./FactsDialog";
import { cycleChoices, useChoices } from "./useChoices";

type Wish = Parameters<typeof announceChange>[0];

function wishOf(values: Values): Wish {
  return {
    plan_id: String(values.plan_id), currency: String(values.currency), cycle: values.cycle as PriceChange["cycle"], price: decimal(String(values.price)),
    effective_on: String(values.effective_on), policy: values.policy as PriceChange["policy"], notice_days: Number(values.notice_days), reason: String(values.reason ?? ""),
  };
}

function Touched({ preview }: { preview: PricePreview }) {
  if (preview.services === 0) return <p className="text-ink-2">No server runs at this price.</p>;
  return (
    <div>
      <p className="mb-2 text-ink-2">{preview.services} {preview.services === 1 ? "server" : "servers"} of {preview.accounts} {preview.accounts === 1 ? "customer" : "customers"}{preview.services > preview.items.length ? `; the first ${preview.items.length}` : ""}:</p>
      <ul className="max-h-48 divide-y divide-line overflow-y-auto rounded border border-line">
        {preview.items.map((each) => (
          <li key={each.service_id} className="flex items-center justify-between gap-3 px-3 py-1.5">
            <span className="min-w-0"><span className="block truncate">{each.account_name}</span><span className="block truncate text-sm text-ink-3">{each.name}{each.own_price ? ", own price" : ""}</span></span>
            <span className="num shrink-0 text-sm"><Money value={each.price_before} /> {each.price_after.minor === each.price_before.minor ? "stays" : <>→ <Money value={each.price_after} /></>}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Preview({ values }: { values: Values }) {
  const [found, setFound] = useState<PricePreview | string | null>(null);
  const ready = Boolean(values.price && values.effective_on);
  const look = () => void previewChange(wishOf(values)).then(setFound, (error: unknown) => setFound(sayError(error)));
  return (
    <div className="space-y-3 border-t border-line pt-4">
      <Button onClick={look} disabled={!ready} title={ready ? undefined : "Fill in the price and the day first."}>Who is touched?</Button>
      {typeof found === "string" ? <Notice tone="warn">{found}</Notice> : found ? <Touched preview={found} /> : null}
    </div>
  );
}

export function PriceChangeDialog({ onClose }: { onClose: () => void }) {
  const choices = useChoices();
  if (!choices.ready) return null;
  const facts: Fact[] = [
    { name: "plan_id", label: "Plan", options: choices.plans }, { name: "cycle", label: "Billing", options: cycleChoices },
    { name: "currency", label: "Currency", options: choices.currencies }, { name: "price", label: "New price", kind: "decimal" },
    { name: "policy", label: "Servers that run", options: [{ value: "keep", label: "Keep their price" }, { value: "move", label: "Move to the new price" }] },
    { name: "effective_on", label: "From", kind: "date" },
    { name: "notice_days", label: "Days of notice", kind: "number", help: "Those who move get a mail at least so many days before." },
    { name: "reason", label: "Why", optional: true, help: "Only staff see this." },
  ];
  return (
    <FactsDialog title="Change a price" verb="Announce" facts={facts} names={["price-changes"]} said="The change is announced" onClose={onClose}
      initial={{ plan_id: choices.plans[0]?.value ?? "", cycle: "monthly", currency: choices.currencies[0]?.value ?? "", price: "", policy: "keep", effective_on: today(), notice_days: "30", reason: "" }}
      save={(values) => announceChange(wishOf(values))}>
      {(values) => <Preview key={JSON.stringify(values)} values={values} />}
    </FactsDialog>
  );
}
