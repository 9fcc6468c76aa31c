import { type ComponentType, lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Boundary } from "./Boundary";
import { PageWait } from "./frame/PageWait";
import { NotFoundPage } from "./pages/FaultPages";

type Page = ComponentType & { fetch: () => Promise<unknown> };

/** A page that is fetched when its path is first opened, or before; what is there already is drawn at once. */
function page<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name): Page {
  let known: ComponentType | undefined;
  const fetch = (): Promise<{ default: ComponentType }> => load().then((module) => ({ default: (known = module[name]) }));
  const Waiting = lazy(fetch);
  function Shown() {
    const [{ Drawn }] = useState(() => ({ Drawn: known ?? Waiting }));
    return <Drawn />;
  }
  return Object.assign(Shown, { fetch });
}

/** Fetches the other pages around the open one while nothing else happens, so that a link opens at once. */
function useOthersFetched(pages: [string, Page][]) {
  // Idle time belongs to the browser.
  useEffect(() => {
    const fetchAll = () => void Promise.allSettled(pages.map(([, each]) => each.fetch()));
    if (!("requestIdleCallback" in window)) return;
    const asked = requestIdleCallback(fetchAll, { timeout: 5000 });
    return () => cancelIdleCallback(asked);
  }, [pages]);
}

function layout<Name extends string>(load: () => Promise<Record<Name, ComponentType<{ children: ReactNode }>>>, name: Name) {
  return lazy(() => load().then((module) => ({ default: module[name] })));
}

const PublicLayout = layout(() => import("./layouts/PublicLayout"), "PublicLayout");
const PortalLayout = layout(() => import("./layouts/PortalLayout"), "PortalLayout");
const ConsoleLayout = layout(() => import("./layouts/ConsoleLayout"), "ConsoleLayout");
const AdminLayout = layout(() => import("./layouts/AdminLayout"), "AdminLayout");

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
  ["/account/ssh-keys", page(() => import("../portal/account/SshKeysPage"), "SshKeysPage")],
];

const consolePages: [string, Page][] = [
  ["/servers/:id/console", page(() => import("../portal/servers/ConsolePage"), "ConsolePage")],
  ["/admin/servers/:id/console", page(() => import("../admin/servers/AdminConsolePage"), "AdminConsolePage")],
];

const adminPages: [string, Page][] = [
  ["/admin", page(() => import("../admin/home/AdminHomePage"), "AdminHomePage")],
  ["/admin/customers", page(() => import("../admin/customers/CustomersPage"), "CustomersPage")],
  ["/admin/customers/:id", page(() => import("../admin/customers/CustomerPage"), "CustomerPage")],
  ["/admin/orders", page(() => import("../admin/orders/AdminOrdersPage"), "AdminOrdersPage")],
  ["/admin/orders/:id", page(() => import("../admin/orders/AdminOrderPage"), "AdminOrderPage")],
  ["/admin/invoices", page(() => import("../admin/billing/AdminInvoicesPage"), "AdminInvoicesPage")],
  ["/admin/invoices/:id", page(() => import("../admin/billing/AdminInvoicePage"), "AdminInvoicePage")],
  ["/admin/invoices/:id/edit", page(() => import("../admin/billing/DraftPages"), "EditInvoicePage")],
  ["/admin/customers/:id/invoice", page(() => import("../admin/billing/DraftPages"), "NewInvoicePage")],
  ["/admin/customers/:id/statement", page(() => import("../admin/billing/AdminStatementPage"), "AdminStatementPage")],
  ["/admin/payments", page(() => import("../admin/billing/AdminPaymentsPage"), "AdminPaymentsPage")],
  ["/admin/payments/:id", page(() => import("../admin/billing/AdminPaymentPage"), "AdminPaymentPage")],
  ["/admin/disputes", page(() => import("../admin/billing/DisputesPage"), "DisputesPage")],
  ["/admin/disputes/:id", page(() => import("../admin/billing/DisputePage"), "DisputePage")],
  ["/admin/unmatched", page(() => import("../admin/billing/UnmatchedPage"), "UnmatchedPage")],
  ["/admin/billing-run", page(() => import("../admin/renewals/BillingRunPage"), "BillingRunPage")],
  ["/admin/services", page(() => import("../admin/renewals/ServicesPage"), "ServicesPage")],
  ["/admin/services/:id", page(() => import("../admin/renewals/ServicePage"), "ServicePage")],
  ["/admin/services/:id/plan", page(() => import("../admin/renewals/ChangePlanPage"), "ChangePlanPage")],
  ["/admin/policies", page(() => import("../admin/renewals/PoliciesPage"), "PoliciesPage")],
  ["/admin/books", page(() => import("../admin/billing/BooksPage"), "BooksPage")],
  ["/admin/books/of/:kind/:currency", page(() => import("../admin/billing/BookListPage"), "BookListPage")],
  ["/admin/books/:id", page(() => import("../admin/billing/BookPage"), "BookPage")],
  ["/admin/transfers/:id", page(() => import("../admin/billing/TransferPage"), "TransferPage")],
  ["/admin/servers", page(() => import("../admin/servers/AdminServersPage"), "AdminServersPage")],
  ["/admin/servers/:id", page(() => import("../admin/servers/AdminServerPage"), "AdminServerPage")],
  ["/admin/hypervisors", page(() => import("../admin/servers/HypervisorsPage"), "HypervisorsPage")],
  ["/admin/work", page(() => import("../admin/servers/WorkPage"), "WorkPage")],
  ["/admin/bulk", page(() => import("../admin/servers/BulkPages"), "BulkWorksPage")],
  ["/admin/bulk/:id", page(() => import("../admin/servers/BulkPages"), "BulkWorkPage")],
  ["/admin/jobs", page(() => import("../admin/operations/JobsPage"), "JobsPage")],
  ["/admin/jobs/:id", page(() => import("../admin/operations/JobPage"), "JobPage")],
  ["/admin/health", page(() => import("../admin/operations/HealthPage"), "HealthPage")],
  ["/admin/reconciliation", page(() => import("../admin/operations/ReconciliationPage"), "ReconciliationPage")],
  ["/admin/clock", page(() => import("../admin/operations/ClockPage"), "ClockPage")],
  ["/admin/mail", page(() => import("../admin/operations/MailPage"), "MailPage")],
  ["/admin/audit", page(() => import("../admin/operations/AuditPage"), "AuditPage")],
  ["/admin/settings/panel", page(() => import("../admin/operations/PanelSetupPage"), "PanelSetupPage")],
  ["/admin/settings", page(() => import("../admin/operations/SettingsPage"), "SettingsPage")],
  ["/admin/plans", page(() => import("../admin/catalog/AdminPlansPage"), "AdminPlansPage")],
  ["/admin/locations", page(() => import("../admin/catalog/AdminLocationsPage"), "AdminLocationsPage")],
  ["/admin/images", page(() => import("../admin/catalog/AdminImagesPage"), "AdminImagesPage")],
  ["/admin/addons", page(() => import("../admin/catalog/AdminAddonsPage"), "AdminAddonsPage")],
  ["/admin/coupons", page(() => import("../admin/catalog/AdminCouponsPage"), "AdminCouponsPage")],
  ["/admin/coupons/:id", page(() => import("../admin/catalog/AdminCouponPage"), "AdminCouponPage")],
  ["/admin/prices", page(() => import("../admin/catalog/AdminPricesPage"), "AdminPricesPage")],
  ["/admin/own-prices", page(() => import("../admin/catalog/AdminOwnPricesPage"), "AdminOwnPricesPage")],
  ["/admin/tax", page(() => import("../admin/catalog/AdminTaxPage"), "AdminTaxPage")],
];

/** One broken page is forgotten when another is opened. */
function Pages({ pages }: { pages: [string, Page][] }) {
  const [path] = useLocation();
  useOthersFetched(pages);
  return (
    <Boundary key={path}>
      <Switch>
        {pages.map(([at, Shown]) => <Route key={at} path={at}><Shown /></Route>)}
        <Route><NotFoundPage /></Route>
      </Switch>
    </Boundary>
  );
}

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
        : shown === "admin" ? <AdminLayout><Pages pages={adminPages} /></AdminLayout>
        : shown === "portal" ? <PortalLayout><Pages pages={portalPages} /></PortalLayout>
        : <PublicLayout><Pages pages={publicPages} /></PublicLayout>}
    </Suspense>
  );
}
