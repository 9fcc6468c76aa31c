import type { IconName } from "../../ui/Icon";

export type RailEntry = { href: string; label: string; icon: IconName; also?: string[] };

export const portalRail: RailEntry[] = [
  { href: "/home", label: "Home", icon: "home" },
  { href: "/servers", label: "Servers", icon: "server" },
  { href: "/orders", label: "Orders", icon: "box" },
  { href: "/invoices", label: "Billing", icon: "card", also: ["/services", "/transactions", "/statement", "/top-up", "/payments", "/payment-methods"] },
  { href: "/account", label: "Account", icon: "user" },
];

export const adminRail: RailEntry[] = [
  { href: "/admin", label: "Home", icon: "home" },
  { href: "/admin/customers", label: "Customers", icon: "team" },
  { href: "/admin/orders", label: "Orders", icon: "box" },
  { href: "/admin/invoices", label: "Money", icon: "card", also: ["/admin/payments", "/admin/disputes", "/admin/unmatched", "/admin/books", "/admin/transfers", "/admin/billing-run", "/admin/services", "/admin/policies"] },
  { href: "/admin/servers", label: "Servers", icon: "server", also: ["/admin/hypervisors", "/admin/work", "/admin/bulk", "/admin/imports"] },
  { href: "/admin/plans", label: "Catalog", icon: "rows", also: ["/admin/locations", "/admin/images", "/admin/addons", "/admin/prices", "/admin/own-prices", "/admin/coupons", "/admin/tax"] },
  { href: "/admin/jobs", label: "System", icon: "gear", also: ["/admin/health", "/admin/reconciliation", "/admin/clock", "/admin/mail", "/admin/audit", "/admin/settings"] },
];

export function isCurrent(entry: RailEntry, path: string): boolean {
  const within = (root: string) => path === root || (root !== "/admin" && path.startsWith(`${root}/`));
  return within(entry.href) || Boolean(entry.also?.some(within));
}
