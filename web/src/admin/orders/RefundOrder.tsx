import { useState } from "react";
import type { AdminOrder } from "../../api/adminTypes";
import { refundOrder } from "../../api/adminImports";
import { Button } from "../../ui/Button";
import { Money } from "../../ui/Money";
import { type Fact, FactsDialog } from "../catalog/FactsDialog";

const facts: Fact[] = [
  { name: "destination", label: "Money goes", options: [{ value: "payment", label: "Back to its payment" }, { value: "wallet", label: "To the customer's balance" }], wide: true, help: "What a gateway can't give back goes to the balance." },
  { name: "reason", label: "Reason", wide: true, help: "The customer reads it, and it is kept in the audit log." },
];

/** Gives an order up whose server could not be made; money goes back once the panel has nothing of it. */
export function RefundOrder({ order }: { order: AdminOrder }) {
  const [open, setOpen] = useState(false);
  if (!order.can.includes("refund")) return null;
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>Refund and close</Button>
      {open ? (
        <FactsDialog title={`Refund and close ${order.number}`} verb="Refund and close" danger facts={facts} initial={{ destination: "payment", reason: "" }} names={["orders", "provisions", "payments", "invoices", "servers"]}
          said="The order is being closed" onClose={() => setOpen(false)}
          save={(values) => refundOrder(order.id, { destination: values.destination === "wallet" ? "wallet" : "payment", reason: values.reason ?? "" })}>
          {() => <p className="text-sm text-ink-2"><Money value={order.total} /> was asked for this order; what of it was paid goes back. The panel is asked first: what it has of this order is deleted, and only when it says that there is nothing is the money given back. The service ends, and the customer gets a mail.</p>}
        </FactsDialog>
      ) : null}
    </>
  );
}
