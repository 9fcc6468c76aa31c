import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link, useParams } from "wouter";
import { queryClient } from "../../api/query";
import { renameServer, serverQuery, tasksQuery } from "../../api/servers";
import type { Server } from "../../api/types";
import { ImageMark, PlaceText } from "../../parts/catalog/Marks";
import { cycleWords, sizeFacts } from "../../parts/catalog/words";
import { PasswordReveal } from "../../parts/servers/PasswordReveal";
import { TaskList } from "../../parts/servers/TaskList";
import { serverLook, serverName } from "../../parts/servers/words";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { Input } from "../../ui/controls";
import { CopyText, Id } from "../../ui/Copy";
import { Ago, On } from "../../ui/DateTime";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Skeleton, SkeletonLines } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { PowerMenu } from "./power";

function Rename({ server, onClose }: { server: Server; onClose: () => void }) {
  const form = useForm({
    initial: { label: server.label ?? "" },
    submit: async (values) => {
      queryClient.setQueryData(["servers", "one", server.id], await renameServer(server.id, values.label.trim()));
      void queryClient.invalidateQueries({ queryKey: ["servers", "list"] });
      onClose();
    },
  });
  return (
    <Dialog open title="Rename" onClose={onClose}>
      <FormShell form={form} label="Rename" actions={<><Button type="submit" look="primary" busy={form.sending}>Save</Button><Button onClick={onClose}>Cancel</Button></>}>
        <Field label="Label" help={`Only shown here. The server goes on calling itself ${server.hostname}.`} error={form.errors.label}><Input maxLength={80} autoFocus {...form.text("label")} /></Field>
      </FormShell>
    </Dialog>
  );
}

function Overview({ server }: { server: Server }) {
  const address = server.ipv4 ?? server.ipv6;
  const user = server.image.default_user;
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Section title="Reach it">
        <Facts items={[
          ["IPv4", server.ipv4 ? <CopyText key="4" text={server.ipv4} label="IPv4 address" /> : "being assigned"],
          ["IPv6", server.ipv6 ? <CopyText key="6" text={server.ipv6} label="IPv6 address" /> : "none"],
          ["User", <CopyText key="user" text={user} label="user name" />],
          ["Log in", address ? <CopyText key="ssh" text={`ssh ${user}@${address}`} label="command" /> : "once it has an address"],
        ]} />
        {server.password_available ? <div className="mt-4"><PasswordReveal server={server} /></div> : null}
      </Section>
      <Section title="What it is">
        <Facts items={[
          ["System", <span key="image" className="inline-flex items-center gap-2"><ImageMark icon={server.image.icon} className="size-5" />{server.image.name}</span>],
          ["Location", <PlaceText key="place" place={server.location} />], ["Plan", server.plan.name],
          ...sizeFacts(server.plan).map(([name, text]): [string, string] => [name, text]),
          ["Created", <Ago key="created" at={server.created_at} />], ["Id", <Id key="id" id={server.id} />],
        ]} />
      </Section>
    </div>
  );
}

function History({ server }: { server: Server }) {
  const { data, error, refetch } = useQuery(tasksQuery(server.id));
  return (
    <Section flush>
      {data ? (data.items.length > 0 ? <TaskList tasks={data.items} /> : <EmptyState title="Nothing has been done yet">Each start, restart and change will stand here with who did it and how it went.</EmptyState>)
        : error ? <ErrorState error={error} retry={refetch} /> : <div className="p-4"><SkeletonLines lines={4} /></div>}
    </Section>
  );
}

function Billing({ server }: { server: Server }) {
  return (
    <Section title="Billing" className="max-w-[640px]">
      <Facts items={[
        ["Price", <span key="price"><Money value={server.price} /> {cycleWords[server.cycle].per}</span>], ["Billed", cycleWords[server.cycle].name],
        ["Renews", server.renews_on ? <On key="renews" on={server.renews_on} /> : "not set"],
        ["Invoices", <Link key="invoices" className="text-accent-text underline underline-offset-2" href="/invoices">All invoices</Link>],
        ...(server.order_id ? [["Order", <Link key="order" className="text-accent-text underline underline-offset-2" href={`/orders/${server.order_id}`}>Open the order</Link>] as [string, ReactNode]] : []),
      ]} />
    </Section>
  );
}

function StateNote({ server }: { server: Server }) {
  if (server.state === "failed") return <Notice tone="bad" role="status" title="This server could not be built">{server.message ?? "We have been told and are looking into it. You will not be charged twice."}</Notice>;
  if (server.state === "allocating" || server.state === "installing") return <Notice tone="info" role="status">{server.message ?? "It is being built. This page follows by itself; you may leave it."}</Notice>;
  return server.message ? <Notice tone="neutral" role="status">{server.message}</Notice> : null;
}

export function ServerPage() {
  const { id } = useParams<{ id: string }>();
  const { data: server, error, refetch } = useQuery(serverQuery(id));
  const [renaming, setRenaming] = useState(false);
  const crumbs = [{ label: "Servers", href: "/servers" }];
  if (!server) return <Page title="Server" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-80 w-full" />}</Page>;
  const look = serverLook(server);
  return (
    <Page title={serverName(server)} crumbs={crumbs} action={<>{server.can.includes("rename_label") ? <Button onClick={() => setRenaming(true)}>Rename</Button> : null}<PowerMenu server={server} /></>}
      meta={<>
        <span aria-live="polite"><StateBadge look={look} since={look.moving ? (server.active_task?.created_at ?? server.state_since) : null} /></span>
        {server.label && server.label !== server.hostname ? <code className="break-all text-ink-3">{server.hostname}</code> : null}
        {server.ipv4 ? <CopyText text={server.ipv4} label="IPv4 address" /> : null}
        {server.ipv6 ? <CopyText text={server.ipv6} label="IPv6 address" /> : null}
      </>}>
      <div className="mb-5 space-y-3 empty:hidden">
        <StateNote server={server} />
        {server.active_task ? <Section flush><TaskList tasks={[server.active_task]} /></Section> : null}
      </div>
      <Tabs label="Server" tabs={[
        { id: "overview", label: "Overview", content: <Overview server={server} /> },
        { id: "history", label: "History", content: <History server={server} /> },
        { id: "billing", label: "Billing", content: <Billing server={server} /> },
      ]} />
      {renaming ? <Rename server={server} onClose={() => setRenaming(false)} /> : null}
    </Page>
  );
}
