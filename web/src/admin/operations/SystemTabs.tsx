import { useQuery } from "@tanstack/react-query";
import { brandQuery } from "../../api/catalog";
import { PageTabs } from "../../ui/Tabs";

export function SystemTabs({ current }: { current: string }) {
  const sandbox = useQuery(brandQuery).data?.sandbox;
  return (
    <PageTabs label="System" current={current} tabs={[
      { href: "/admin/jobs", label: "Jobs" }, { href: "/admin/health", label: "Health" }, { href: "/admin/reconciliation", label: "Reconciliation" },
      { href: "/admin/mail", label: "Mail" }, { href: "/admin/audit", label: "Audit" }, { href: "/admin/settings", label: "Settings" },
      ...(sandbox ? [{ href: "/admin/clock", label: "Clock" }] : []),
    ]} />
  );
}
