import { PageTabs } from "../../ui/Tabs";

export function SystemTabs({ current }: { current: string }) {
  return (
    <PageTabs label="System" current={current} tabs={[
      { href: "/admin/jobs", label: "Jobs" }, { href: "/admin/health", label: "Health" }, { href: "/admin/reconciliation", label: "Reconciliation" }, { href: "/admin/mail", label: "Mail" }, { href: "/admin/audit", label: "Audit" }, { href: "/admin/settings", label: "Settings" },
    ]} />
  );
}
