import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { adminServerQuery } from "../../api/admin";
import { PlaceText } from "../../parts/catalog/Marks";
import { cycleWords, sizeWords } from "../../parts/catalog/words";
import { ServerMetrics } from "../../parts/metrics/ServerMetrics";
import { Looks } from "../../parts/console/Looks";
import { TaskList } from "../../parts/servers/TaskList";
import { serverLook, serverName } from "../../parts/servers/words";
import { StateBadge } from "../../ui/Badge";
import { LinkButton } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { CopyText, Id } from "../../ui/Copy";
import { Ago, At, On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { Page } from "../../ui/Page";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { StaffSight } from "./StaffSight";
import { StaffServerActions } from "./StaffServerActions";

const linkClass = "text-accent-text underline underline-offset-2";

export function AdminServerPage() {
  const { id } = useParams<{ id: string }>();
  const { data: server, error, refetch } = useQuery(adminServerQuery(id));
  const crumbs = [{ label: "Servers", href: "/admin/servers" }];
  if (!server) return <Page title="Server" crumbs={crumbs}>{error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-72 w-full" />}</Page>;
  const look = serverLook(server);
  return (
    <Page title={serverName(server)} crumbs={crumbs} action={<>{server.ready_at && server.state !== "deleted" && server.state !== "deleting" ? <LinkButton icon="monitor" href={`/admin/servers/${id}/console`}>Console</LinkButton> : null}<StaffServerActions server={server} /></>} meta={<><StateBadge look={look} since={look.moving ? server.state_since : null} />
      <Link className={linkClass} href={`/admin/customers/${server.account_id}`}>{server.account_name}</Link>{server.order_id ? <Link className={linkClass} href={`/admin/orders/${server.order_id}`}>Order</Link> : null}<Link className={linkClass} href={`/admin/services/${server.service_id}`}>Service</Link><Id id={server.id} /></>}>
      {server.active_task ? <Section flush className="mb-5"><TaskList tasks={[server.active_task]} /></Section> : null}
      {server.message ? <div className="mb-5"><Notice tone={server.state === "failed" ? "bad" : "neutral"}>{server.message}</Notice></div> : null}
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <Section title="Server"><Facts items={[
          ["Hostname", <span key="hostname" className="break-all">{server.hostname}</span>],
          ["IPv4", server.ipv4 ? <CopyText key="4" text={server.ipv4} label="IPv4 address" /> : "–"], ["IPv6", server.ipv6 ? <CopyText key="6" text={server.ipv6} label="IPv6 address" /> : "–"],
          ["Plan", `${server.plan.name}, ${sizeWords(server.plan)}`], ["Location", <PlaceText key="place" place={server.location} />], ["System", server.image.name],
        ]} /></Section>
        <Section title="Life"><Facts items={[
          ["State since", <At key="since" at={server.state_since} />], ["Power", server.power], ["Power asked", server.power_checked_at ? <Ago key="asked" at={server.power_checked_at} /> : "never"],
          ["Created", <At key="created" at={server.created_at} />], ["Ready", server.ready_at ? <At key="ready" at={server.ready_at} /> : "not yet"], ["Holds", server.holds.length > 0 ? server.holds.join(", ") : "none"], ["Panel server", server.virtfusion_ref === null ? "–" : <CopyText key="ref" text={String(server.virtfusion_ref)} label="Panel server" />],
          ["Renews", server.renews_on ? <On key="renews" on={server.renews_on} /> : "–"],
          ["Price", <span key="price"><Money value={server.price} /> {cycleWords[server.cycle].per}</span>],
        ]} /></Section>
      </div>
      <Looks serverId={id} staff className="mt-5" />
      <StaffSight serverId={server.id} />
      {server.tasks.length > 0 ? <Section flush title="Tasks" className="mt-5"><TaskList tasks={server.tasks} /></Section> : null}
      {server.ready_at ? <div className="mt-5"><ServerMetrics serverId={server.id} name={server.hostname} staff /></div> : null}
    </Page>
  );
}
