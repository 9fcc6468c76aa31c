import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { useParams } from "wouter";
import { serverQuery } from "../../api/servers";
import type { Server } from "../../api/types";
import { TaskList } from "../../parts/servers/TaskList";
import { serverLook, serverName } from "../../parts/servers/words";
import { StateBadge } from "../../ui/Badge";
import { LinkButton } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { CopyText } from "../../ui/Copy";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { Tabs } from "../../ui/Tabs";
import { MoreMenu } from "./MoreMenu";
import { PowerMenu } from "./power";
import { RenameDialog } from "./RenameDialog";
import { serverTabs } from "./tabs";

function StateNote({ server }: { server: Server }) {
  if (server.state === "failed") return <Notice tone="bad" role="status" title={server.ready_at ? "This server has no working system" : "This server could not be built"}>{server.message ?? "We have been told and are looking into it. You will not be charged twice."}</Notice>;
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
    <Page title={serverName(server)} crumbs={crumbs} action={<>{server.can.includes("console") ? <LinkButton icon="monitor" href={`/servers/${id}/console`}>Console</LinkButton> : null}<MoreMenu server={server} rename={() => setRenaming(true)} /><PowerMenu server={server} /></>}
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
      <Tabs label="Server" tabs={serverTabs.map(({ id: tab, label, Content }) => ({ id: tab, label, content: <Suspense fallback={<Skeleton className="h-60 w-full" />}><Content server={server} /></Suspense> }))} />
      {renaming ? <RenameDialog server={server} onClose={() => setRenaming(false)} /> : null}
    </Page>
  );
}
