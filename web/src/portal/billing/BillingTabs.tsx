import { useQuery } from "@tanstack/react-query";
import { walletQuery } from "../../api/billing";
import { useViewer } from "../../parts/identity/session";
import { Money } from "../../ui/Money";
import { PageTabs } from "../../ui/Tabs";

export function BillingTabs({ current }: { current: string }) {
  return <PageTabs label="Billing" current={current} tabs={[{ href: "/invoices", label: "Invoices" }, { href: "/services", label: "Services" }, { href: "/transactions", label: "Transactions" }, { href: "/payment-methods", label: "Payment methods" }, { href: "/statement", label: "Statement" }]} />;
}

export function BalanceText() {
  const { account } = useViewer();
  const balance = useQuery(walletQuery(account.id)).data?.balance;
  return balance ? <span>Balance <Money value={balance} className="font-medium text-ink" /></span> : null;
}
