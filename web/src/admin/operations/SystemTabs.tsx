import { useQuery } from "@tanstack/react-query";
import { brandQuery } from "../../api/catalog";
import { useStaffMay } from "../../parts/identity/session";
import { PageTabs } from "../../ui/Tabs";

export function SystemTabs({ current }: { current: string }) {
  const mayTurn = useStaffMay("clock.turn");
  const sandbox = useQuery(brandQuery).data?.sandbox && mayTurn;
  return (
    <PageTabs label="System" current={current} tabs={[
      { href: "/admin/jobs", label: "Jobs" }, { href: "/admin/health", label: "Health" }, { href: "/admin/reconciliation", label: "Reconciliation" },
      { href: "/admin/mail", label: "Mail" }, { href: "/admin/audit", label: "Audit" }, { href: "/admin/settings", label: "Settings" },
      ...(sandbox ? [{ href: "/admin/clock", label: "Clock" }] : []),
    ]} />
  );
}
