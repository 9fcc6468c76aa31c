import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { preferMethod, removeMethod, type SavedMethod, savedMethodsQuery } from "../../api/payments";
import { queryClient } from "../../api/query";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Ago } from "../../ui/DateTime";
import { SkeletonLines } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { toast, toastError } from "../../ui/Toast";
import { gatewayWords } from "../../parts/billing/words";

const refresh = () => queryClient.invalidateQueries({ queryKey: ["saved-methods"] });

function MethodRow({ method, ask }: { method: SavedMethod; ask: (request: ConfirmRequest) => void }) {
  const prefer = () => preferMethod(method.id).then(refresh).then(() => toast(`${method.label} is charged from now on`)).catch(toastError);
  const remove = () => ask({
    title: `Remove ${method.label}?`, verb: "Remove method", danger: true,
    body: <p>It is not charged again from this moment on, and {gatewayWords[method.gateway]} is told to forget it. Invoices that fall due then wait for you.</p>,
    run: () => removeMethod(method.id).then(refresh),
  });
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 py-3">
      <div className="min-w-0">
        <p className="flex items-center gap-2 font-medium"><span className="truncate">{method.label}</span>{method.preferred ? <Badge tone="good">Charged first</Badge> : null}</p>
        <p className="text-sm text-ink-3">{gatewayWords[method.gateway]} · saved <Ago at={method.created_at} />{method.last_used_at ? <> · charged <Ago at={method.last_used_at} /></> : null}</p>
        <details className="mt-1 text-sm text-ink-3"><summary className="cursor-pointer">What you agreed to</summary><p className="mt-1 max-w-prose">{method.consent}</p></details>
      </div>
      <div className="flex gap-2">
        {!method.preferred && method.can.includes("prefer") ? <Button onClick={() => void prefer()}>Charge first<span className="sr-only"> {method.label}</span></Button> : null}
        {method.can.includes("remove") ? <Button look="quiet" onClick={remove}>Remove<span className="sr-only"> {method.label}</span></Button> : null}
      </div>
    </li>
  );
}

/** What the account can be charged with, and what its owner agreed to. */
export function SavedMethods({ accountId }: { accountId: string }) {
  const { data, error, refetch } = useQuery(savedMethodsQuery(accountId));
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  return (
    <Section flush title="Saved methods">
      {data ? data.items.length > 0 ? <ul aria-label="Saved payment methods" className="divide-y divide-line">{data.items.map((method) => <MethodRow key={method.id} method={method} ask={setAsking} />)}</ul>
        : <EmptyState title="Nothing saved yet">Tick “Save PayPal for later invoices” when you next pay by PayPal. Invoices are then paid by themselves when they fall due.</EmptyState>
        : error ? <ErrorState error={error} retry={refetch} /> : <div className="p-4"><SkeletonLines lines={2} /></div>}
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Section>
  );
}
