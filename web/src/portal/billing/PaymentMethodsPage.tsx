import { mayIn, useViewer } from "../../parts/identity/session";
import { Page } from "../../ui/Page";
import { AutoTopUp } from "./AutoTopUp";
import { BalanceText, BillingTabs } from "./BillingTabs";
import { Credits } from "./Credits";
import { SavedMethods } from "./SavedMethods";
import { Subscriptions } from "./Subscriptions";

/** How invoices of this account pay themselves. */
export function PaymentMethodsPage() {
  const { account } = useViewer();
  return (
    <Page title="Payment methods" narrow meta={<BalanceText />}>
      <BillingTabs current="/payment-methods" />
      <div className="space-y-5">
        <SavedMethods accountId={account.id} />
        <Subscriptions accountId={account.id} />
        <Credits accountId={account.id} />
        <AutoTopUp accountId={account.id} may={mayIn(account, "billing.pay")} />
      </div>
    </Page>
  );
}
