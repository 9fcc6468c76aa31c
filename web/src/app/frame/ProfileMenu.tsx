import type { Me } from "../../api/types";
import { logOut } from "../../api/identity";
import { cx } from "../../lib/cx";
import { setTheme, type ThemeChoice, useTheme } from "../../lib/theme";
import { Icon } from "../../ui/Icon";
import { Menu, type MenuItem } from "../../ui/Menu";
import { toastError } from "../../ui/Toast";

const themes: { value: ThemeChoice; label: string; icon: "sun" | "moon" | "monitor" }[] = [
  { value: "light", label: "Light", icon: "sun" }, { value: "dark", label: "Dark", icon: "moon" }, { value: "system", label: "As the system", icon: "monitor" },
];

export function useProfileItems(me: Me, inAdmin: boolean): MenuItem[] {
  const theme = useTheme();
  return [
    { kind: "label", label: me.email },
    { kind: "link", label: "Security and sessions", icon: "key", href: "/account/security" },
    ...(me.staff && !inAdmin ? [{ kind: "link", label: "Staff console", icon: "gear", href: "/admin" } as const] : []),
    ...(inAdmin && me.accounts.length > 0 ? [{ kind: "link", label: "Customer portal", icon: "home", href: "/home" } as const] : []),
    { kind: "line", label: "a" },
    { kind: "label", label: "Theme" },
    ...themes.map((each) => ({ label: each.label, icon: each.icon, checked: theme === each.value, onSelect: () => setTheme(each.value) })),
    { kind: "line", label: "b" },
    { label: "Log out", icon: "logout", onSelect: () => void logOut().then(() => location.assign("/login"), toastError) },
  ];
}

export function ProfileMenu({ me, slim, inAdmin }: { me: Me; slim: boolean; inAdmin: boolean }) {
  const items = useProfileItems(me, inAdmin);
  return (
    <Menu side="right" align="end" items={items} trigger={
      <button type="button" aria-label={`Profile of ${me.name}`} className={cx("flex h-8 w-full items-center gap-2.5 rounded px-2 text-base text-ink-2 hover:bg-hover hover:text-ink", slim && "justify-center")}>
        <Icon name="user" />{slim ? null : <span className="min-w-0 truncate">{me.name}</span>}
      </button>
    } />
  );
}
