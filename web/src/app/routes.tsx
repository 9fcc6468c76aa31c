import { type ComponentType, lazy, type ReactNode, Suspense, useEffect } from "react";
import { useLocation } from "wouter";
import { PageWait } from "./frame/PageWait";
import { page, type Page, Pages } from "./paging";

function layout<Name extends string>(load: () => Promise<Record<Name, ComponentType<{ children: ReactNode }>>>, name: Name) {
  return lazy(() => load().then((module) => ({ default: module[name] })));
}

const PublicLayout = layout(() => import("./layouts/PublicLayout"), "PublicLayout");
const PortalLayout = layout(() => import("./layouts/PortalLayout"), "PortalLayout");
const ConsoleLayout = layout(() => import("./layouts/ConsoleLayout"), "ConsoleLayout");
const AdminArea = lazy(() => import("./adminPages").then((module) => ({ default: module.AdminArea })));

const publicPages: [string, Page][] = [
  ["/", page(() => import("../portal/home/LandingPage"), "LandingPage")],
  ["/plans", page(() => import("../portal/catalog/PlansPage"), "PlansPage")],
  ["/order", page(() => import("../portal/orders/OrderFormPage"), "OrderFormPage")],
  ["/signup", page(() => import("../portal/identity/SignUpPage"), "SignUpPage")],
  ["/signup/check", page(() => import("../portal/identity/CheckMailPage"), "CheckMailPage")],
  ["/confirm", page(() => import("../portal/identity/ConfirmPages"), "ConfirmPage")],
  ["/confirm-email", page(() => import("../portal/identity/ConfirmPages"), "ConfirmEmailPage")],
  ["/login", page(() => import("../portal/identity/LogInPage"), "LogInPage")],
  ["/forgot-password", page(() => import("../portal/identity/ForgotPage"), "ForgotPage")],
  ["/reset-password", page(() => import("../portal/identity/ResetPage"), "ResetPage")],
  ["/invitations/accept", page(() => import("../portal/identity/InvitationPage"), "InvitationPage")],
];

const portalPages: [string, Page][] = [
  ["/home", page(() => import("../portal/home/HomePage"), "HomePage")],
  ["/servers", page(() => import("../portal/servers/ServersPage"), "ServersPage")],
  ["/servers/:id", page(() => import("../portal/servers/ServerPage"), "ServerPage")],
  ["/orders", page(() => import("../portal/orders/OrdersPage"), "OrdersPage")],
  ["/orders/:id", page(() => import("../portal/orders/OrderPage"), "OrderPage")],
  ["/payments/:id/return", page(() => import("../portal/billing/PaymentReturnPage"), "PaymentReturnPage")],
  ["/invoices", page(() => import("../portal/billing/InvoicesPage"), "InvoicesPage")],
  ["/invoices/:id", page(() => import("../portal/billing/InvoicePage"), "InvoicePage")],
  ["/top-up", page(() => import("../portal/billing/TopUpPage"), "TopUpPage")],
  ["/statement", page(() => import("../portal/billing/StatementPage"), "StatementPage")],
  ["/services", page(() => import("../portal/services/ServicesPage"), "ServicesPage")],
  ["/services/:id", page(() => import("../portal/services/ServicePage"), "ServicePage")],
  ["/services/:id/plan", page(() => import("../portal/services/ChangePlanPage"), "ChangePlanPage")],
  ["/transactions", page(() => import("../portal/billing/TransactionsPage"), "TransactionsPage")],
  ["/payment-methods", page(() => import("../portal/billing/PaymentMethodsPage"), "PaymentMethodsPage")],
  ["/account", page(() => import("../portal/account/ProfilePage"), "ProfilePage")],
  ["/account/team", page(() => import("../portal/account/TeamPage"), "TeamPage")],
  ["/account/security", page(() => import("../portal/account/SecurityPage"), "SecurityPage")],
  ["/account/alerts", page(() => import("../portal/account/AlertsPage"), "AlertsPage")],
  ["/account/ssh-keys", page(() => import("../portal/account/SshKeysPage"), "SshKeysPage")],
];

const consolePages: [string, Page][] = [
  ["/servers/:id/console", page(() => import("../portal/servers/ConsolePage"), "ConsolePage")],
  ["/admin/servers/:id/console", page(() => import("../admin/servers/AdminConsolePage"), "AdminConsolePage")],
];

const ofPublic = new Set(publicPages.map(([path]) => path));
const ofConsole = /^\/(admin\/)?servers\/[^/]+\/console$/;
const portalRoots = new Set(portalPages.map(([path]) => path.split("/")[1]));

export function Routes() {
  const [path] = useLocation();
  // Scrolling belongs to the window, which React does not know.
  useEffect(() => {
    if (path) scrollTo(0, 0);
  }, [path]);
  const root = path.split("/")[1];
  const shown = ofPublic.has(path) ? null : ofConsole.test(path) ? "console" : root === "admin" ? "admin" : portalRoots.has(root) ? "portal" : null;
  return (
    <Suspense fallback={<PageWait />}>
      {shown === "console" ? <ConsoleLayout><Pages pages={consolePages} /></ConsoleLayout>
        : shown === "admin" ? <AdminArea />
        : shown === "portal" ? <PortalLayout><Pages pages={portalPages} /></PortalLayout>
        : <PublicLayout><Pages pages={publicPages} /></PublicLayout>}
    </Suspense>
  );
}
