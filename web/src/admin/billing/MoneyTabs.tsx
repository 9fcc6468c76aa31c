import { PageTabs } from "../../ui/Tabs";

const tabs = [
  { href: "/admin/invoices", label: "Invoices" }, { href: "/admin/payments", label: "Payments" }, { href: "/admin/billing-run", label: "Billing run" },
  { href: "/admin/services", label: "Services" }, { href: "/admin/policies", label: "Policies" }, { href: "/admin/disputes", label: "Disputes" },
  { href: "/admin/unmatched", label: "Unmatched" }, { href: "/admin/books", label: "Books" },
];

export function MoneyTabs({ current }: { current: string }) {
  return <PageTabs label="Money" current={current} tabs={tabs} />;
}
