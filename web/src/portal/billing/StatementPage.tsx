import { StatementView } from "../../parts/billing/StatementView";
import { useViewer } from "../../parts/identity/session";
import { Page } from "../../ui/Page";
import { BalanceText, BillingTabs } from "./BillingTabs";

export function StatementPage() {
  const { account } = useViewer();
  return (
    <Page title="Statement" meta={<BalanceText />}>
      <BillingTabs current="/statement" />
      <StatementView accountId={account.id} invoices="/invoices" />
    </Page>
  );
}
