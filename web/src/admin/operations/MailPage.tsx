import { useQuery } from "@tanstack/react-query";
import { mailQuery, retryMail } from "../../api/admin";
import type { MailRow } from "../../api/adminTypes";
import { queryClient } from "../../api/query";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Ago } from "../../ui/DateTime";
import { Page } from "../../ui/Page";
import { EmptyState } from "../../ui/States";
import type { Column, Filter } from "../../ui/table/columns";
import { DataTable } from "../../ui/table/DataTable";
import { useListParams } from "../../ui/table/useTable";
import { toast, toastError } from "../../ui/Toast";
import { mailLooks } from "./looks";
import { SystemTabs } from "./SystemTabs";

function RetryMail({ mail }: { mail: MailRow }) {
  if (!mail.can.includes("retry")) return null;
  const retry = () => void retryMail(mail.id).then(() => {
    toast("The mail is queued again");
    return queryClient.invalidateQueries({ queryKey: ["admin", "mail"] });
  }, toastError);
  return <Button icon="refresh" onClick={retry}>Retry</Button>;
}

const columns: Column<MailRow>[] = [
  { key: "to", title: "To", cell: (row) => <span className="block max-w-64 truncate">{row.to}</span>, sortBy: (row) => row.to, csv: (row) => row.to, phone: "first" },
  { key: "subject", title: "Subject", cell: (row) => <span className="block max-w-96 truncate">{row.subject}</span>, csv: (row) => row.subject, phone: "second" },
  { key: "kind", title: "Kind", cell: (row) => row.kind.replaceAll("_", " "), csv: (row) => row.kind },
  { key: "state", title: "State", cell: (row) => <StateBadge look={mailLooks[row.state]} />, csv: (row) => row.state, phone: "side" },
  { key: "error", title: "Last error", cell: (row) => <span className="block max-w-72 truncate text-sm text-bad" title={row.last_error ?? ""}>{row.last_error}</span>, csv: (row) => row.last_error ?? "" },
  { key: "attempts", title: "Attempts", align: "right", cell: (row) => row.attempts, csv: (row) => String(row.attempts) },
  { key: "created", title: "When", cell: (row) => <Ago at={row.accepted_at ?? row.created_at} />, sortBy: (row) => row.created_at, csv: (row) => row.created_at, phone: "second" },
  { key: "retry", title: "Actions", untitled: true, align: "right", cell: (row) => <RetryMail mail={row} /> },
];
const filters: Filter[] = [{ name: "state", label: "State", options: Object.entries(mailLooks).map(([value, look]) => ({ value, label: look.word })) }];

export function MailPage() {
  const query = useQuery(mailQuery(useListParams("state")));
  return (
    <Page title="Mail log">
      <SystemTabs current="/admin/mail" />
      <DataTable name="mail" label="Mail log" query={query} columns={columns} filters={filters} rowKey={(row) => row.id}
        empty={<EmptyState title="No mail yet">Every mail we send, with what the mail server answered, will stand here.</EmptyState>} />
    </Page>
  );
}
