import { PageTabs } from "../../ui/Tabs";

export function MoneyTabs({ current }: { current: string }) {
  return <PageTabs label="Money" current={current} tabs={[{ href: "/admin/invoices", label: "Invoices" }, { href: "/admin/payments", label: "Payments" }, { href: "/admin/books", label: "Books" }]} />;
}
