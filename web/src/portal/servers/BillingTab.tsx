import type { ReactNode } from "react";
import { Link } from "wouter";
import { cycleWords } from "../../parts/catalog/words";
import { Facts, Section } from "../../ui/Card";
import { On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import type { TabProps } from "./tabs";

export function BillingTab({ server }: TabProps) {
  return (
    <Section title="Billing" className="max-w-[640px]">
      <Facts items={[
        ["Price", <span key="price"><Money value={server.price} /> {cycleWords[server.cycle].per}</span>], ["Billed", cycleWords[server.cycle].name],
        ["Renews", server.renews_on ? <On key="renews" on={server.renews_on} /> : "not set"],
        ["Invoices", <Link key="invoices" className="text-accent-text underline underline-offset-2" href="/invoices">All invoices</Link>],
        ...(server.order_id ? [["Order", <Link key="order" className="text-accent-text underline underline-offset-2" href={`/orders/${server.order_id}`}>Open the order</Link>] as [string, ReactNode]] : []),
      ]} />
    </Section>
  );
}
