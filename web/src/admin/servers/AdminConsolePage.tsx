import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { Link, useParams } from "wouter";
import { adminServerQuery } from "../../api/admin";
import { askConsoleAsStaff } from "../../api/console";
import { useTitle } from "../../lib/title";
import { ConsoleView } from "../../parts/console/ConsoleView";
import { serverName } from "../../parts/servers/words";
import { Button, LinkButton } from "../../ui/Button";
import { Input } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";

function Why({ back, onSaid }: { back: string; onSaid: (reason: string) => void }) {
  const form = useForm({
    initial: { reason: "" },
    validate: ({ reason }) => (reason.trim().length < 3 ? { reason: "Say why, in a few words." } : {}),
    submit: ({ reason }) => Promise.resolve(onSaid(reason.trim())),
  });
  return (
    <FormShell form={form} label="Open the console" className="max-w-[520px]" actions={<><Button type="submit" look="primary">Open the console</Button><LinkButton href={back}>Cancel</LinkButton></>}>
      <Field label="Why do you look?" help="Kept in the audit log. The customer sees that you looked, and when." error={form.errors.reason}><Input maxLength={400} {...form.text("reason")} /></Field>
    </FormShell>
  );
}

/** Staff at a customer's screen: first why, then the screen. */
export function AdminConsolePage() {
  const { id } = useParams<{ id: string }>();
  const { data: server, error, refetch } = useQuery(adminServerQuery(id));
  const [reason, setReason] = useState<string | null>(null);
  const ask = useCallback(() => askConsoleAsStaff(id, reason ?? ""), [id, reason]);
  const back = `/admin/servers/${id}`;
  useTitle(server ? `Console of ${serverName(server)}` : "Console");
  if (!server) return <div className="p-4"><h1 className="sr-only">Console</h1>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-80 w-full" />}</div>;
  return (
    <div className="flex h-dvh flex-col gap-3 border-t-[3px] border-staff p-3">
      <header className="flex flex-wrap items-center gap-x-3">
        <h1 className="text-lg wrap-anywhere">{serverName(server)}</h1>
        <Link href={`/admin/customers/${server.account_id}`} className="text-accent-text underline underline-offset-2">{server.account_name}</Link>
        <span className="rounded bg-staff px-1.5 py-px text-xs font-semibold text-surface">Staff</span>
      </header>
      {reason === null ? <Why back={back} onSaid={setReason} />
        : <ConsoleView name={serverName(server)} ask={ask} off={server.power === "stopped"} fills more={<LinkButton href={back}>Back to the server</LinkButton>} />}
    </div>
  );
}
