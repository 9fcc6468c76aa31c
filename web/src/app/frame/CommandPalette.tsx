import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { useLocation } from "wouter";
import { searchQuery } from "../../api/admin";
import { invoicesQuery } from "../../api/billing";
import { logOut } from "../../api/identity";
import { serversQuery } from "../../api/servers";
import type { Me } from "../../api/types";
import { formatMoney } from "../../lib/format";
import { recall } from "../../lib/store";
import { setTheme } from "../../lib/theme";
import { serverLook, serverName } from "../../parts/servers/words";
import type { IconName } from "../../ui/Icon";
import { Palette, type PaletteItem } from "../../ui/Palette";
import { toastError } from "../../ui/Toast";

type Go = (href: string) => void;

const portalPages: [string, string, IconName][] = [
  ["Order a server", "/order", "plus"], ["Home", "/home", "home"], ["Servers", "/servers", "server"], ["Orders", "/orders", "box"],
  ["Invoices", "/invoices", "card"], ["Transactions and balance", "/transactions", "bank"], ["Profile", "/account", "user"],
  ["Team", "/account/team", "team"], ["Security and sessions", "/account/security", "key"], ["SSH keys", "/account/ssh-keys", "key"], ["Alerts of all servers", "/account/alerts", "alert"], ["Plans and prices", "/plans", "rows"],
];
const adminPages: [string, string, IconName][] = [
  ["Home", "/admin", "home"], ["Customers", "/admin/customers", "team"], ["Orders", "/admin/orders", "box"], ["Invoices", "/admin/invoices", "card"],
  ["Payments", "/admin/payments", "bank"], ["Books", "/admin/books", "bank"], ["Billing run", "/admin/billing-run", "card"], ["Services", "/admin/services", "box"], ["Renewal policies", "/admin/policies", "rows"],
  ["Servers", "/admin/servers", "server"], ["Hypervisors", "/admin/hypervisors", "server"], ["Jobs", "/admin/jobs", "work"], ["Mail log", "/admin/mail", "mail"],
  ["Audit", "/admin/audit", "audit"], ["Settings", "/admin/settings", "gear"], ["Plans", "/admin/plans", "rows"], ["Locations", "/admin/locations", "pin"], ["Images", "/admin/images", "image"],
];

function usePortalThings(me: Me, enabled: boolean, go: Go): PaletteItem[] {
  const chosen = recall<string | null>("account", null);
  const account = me.accounts.find((each) => each.id === chosen) ?? me.accounts[0];
  const on = enabled && account !== undefined;
  const servers = useQuery({ ...serversQuery(account?.id ?? "", { limit: 50 }), enabled: on });
  const invoices = useQuery({ ...invoicesQuery(account?.id ?? "", { limit: 50 }), enabled: on });
  if (!on) return [];
  return [
    ...(servers.data?.items ?? []).map((server): PaletteItem => ({
      id: server.id, group: "Servers", icon: "server", label: serverName(server), hint: [server.label ? server.hostname : null, server.ipv4, serverLook(server).word].filter(Boolean).join(" · "), run: () => go(`/servers/${server.id}`),
    })),
    ...(invoices.data?.items ?? []).map((invoice): PaletteItem => ({
      id: invoice.id, group: "Invoices", icon: "card", label: invoice.number, hint: formatMoney(invoice.total), run: () => go(`/invoices/${invoice.id}`),
    })),
  ];
}

const foundKinds: Record<string, { group: string; icon: IconName; root: string }> = {
  account: { group: "Customers", icon: "team", root: "/admin/customers" }, customer: { group: "Customers", icon: "team", root: "/admin/customers" },
  order: { group: "Orders", icon: "box", root: "/admin/orders" }, server: { group: "Servers", icon: "server", root: "/admin/servers" },
  invoice: { group: "Invoices", icon: "card", root: "/admin/invoices" }, payment: { group: "Payments", icon: "bank", root: "/admin/payments" },
};

function useStaffThings(enabled: boolean, text: string, go: Go): PaletteItem[] {
  const q = useDeferredValue(text.trim());
  const found = useQuery({ ...searchQuery(q), enabled: enabled && q.length >= 2, placeholderData: keepPreviousData });
  if (!enabled || q.length < 2) return [];
  return (found.data?.items ?? []).flatMap((item): PaletteItem[] => {
    const kind = foundKinds[item.kind];
    return kind ? [{ id: `${item.kind}-${item.id}`, group: kind.group, icon: kind.icon, label: item.title, hint: item.detail, always: true, run: () => go(`${kind.root}/${item.id}`) }] : [];
  });
}

export function CommandPalette({ me, inAdmin, onClose }: { me: Me; inAdmin: boolean; onClose: () => void }) {
  const [, go] = useLocation();
  const [text, setText] = useState("");
  const mine = usePortalThings(me, !inAdmin, go);
  const staff = useStaffThings(inAdmin, text, go);
  const pages = (inAdmin ? adminPages : portalPages).map(([label, href, icon]): PaletteItem => ({ id: href.replaceAll("/", "-"), group: "Go to", label, icon, run: () => go(href) }));
  const other: PaletteItem[] = me.staff ? [inAdmin
    ? { id: "portal", group: "Go to", label: "Customer portal", icon: "home", run: () => go("/home") }
    : { id: "staff", group: "Go to", label: "Staff console", icon: "gear", run: () => go("/admin") }] : [];
  const actions: PaletteItem[] = [
    { id: "light", group: "Do", label: "Use the light theme", icon: "sun", run: () => setTheme("light") },
    { id: "dark", group: "Do", label: "Use the dark theme", icon: "moon", run: () => setTheme("dark") },
    { id: "system", group: "Do", label: "Follow the system's theme", icon: "monitor", run: () => setTheme("system") },
    { id: "logout", group: "Do", label: "Log out", icon: "logout", run: () => void logOut().then(() => go("/login"), toastError) },
  ];
  return <Palette items={[...pages, ...other, ...mine, ...staff, ...actions]} onClose={onClose} onText={setText} />;
}
