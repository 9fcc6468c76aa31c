import { PageTabs } from "../../ui/Tabs";

export function AccountTabs({ current }: { current: string }) {
  return (
    <PageTabs label="Account" current={current} tabs={[
      { href: "/account", label: "Profile" }, { href: "/account/team", label: "Team" },
      { href: "/account/security", label: "Security" }, { href: "/account/ssh-keys", label: "SSH keys" }, { href: "/account/alerts", label: "Alerts" },
    ]} />
  );
}
