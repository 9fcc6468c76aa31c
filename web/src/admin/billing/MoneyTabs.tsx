import { PageTabs } from "../../ui/Tabs";

export function MoneyTabs({ current }: { current: string }) {
  return <PageTabs label="Money" current={current} tabs={[{ href: "/admin/invoices", label: "Invoices" }, { href: "/admin/payments", label: "Payments" }, { href: "/admin/disputes", label: "Disputes" }, { href: "/admin/unmatched", label: "Unmatched" }, { href: "/admin/books", label: "Books" }]} />;
}
