import { PageTabs } from "../../ui/Tabs";

export function ServerTabs({ current }: { current: string }) {
  return <PageTabs label="Servers" current={current} tabs={[{ href: "/admin/servers", label: "Servers" }, { href: "/admin/hypervisors", label: "Hypervisors" }, { href: "/admin/work", label: "Under way" }, { href: "/admin/bulk", label: "Bulk work" }, { href: "/admin/imports", label: "Import" }]} />;
}
