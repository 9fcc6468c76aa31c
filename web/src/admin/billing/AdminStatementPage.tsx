import { useQuery } from "@tanstack/react-query";
import { useParams } from "wouter";
import { customerQuery } from "../../api/admin";
import { StatementView } from "../../parts/billing/StatementView";
import { Page } from "../../ui/Page";

export function AdminStatementPage() {
  const { id } = useParams<{ id: string }>();
  const customer = useQuery(customerQuery(id)).data;
  return (
    <Page title="Statement" crumbs={[{ label: "Customers", href: "/admin/customers" }, { label: customer?.name ?? "Customer", href: `/admin/customers/${id}` }]}>
      <StatementView accountId={id} invoices="/admin/invoices" staff />
    </Page>
  );
}
