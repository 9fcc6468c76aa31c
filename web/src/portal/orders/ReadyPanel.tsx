import { useQuery } from "@tanstack/react-query";
import { serverQuery } from "../../api/servers";
import { PasswordReveal } from "../../parts/servers/PasswordReveal";
import { LinkButton } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { CopyText } from "../../ui/Copy";
import { Skeleton } from "../../ui/Skeleton";

/** The end of an order: where the server is and how to log in. */
export function ReadyPanel({ serverId }: { serverId: string }) {
  const server = useQuery(serverQuery(serverId)).data;
  if (!server) return <Skeleton className="h-40 w-full" />;
  const address = server.ipv4 ?? server.ipv6;
  const user = server.image.default_user;
  return (
    <Section title="Your server is ready" aside={<LinkButton look="primary" href={`/servers/${server.id}`}>Open server</LinkButton>}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-6 gap-y-2">
        {server.ipv4 ? <><dt className="text-ink-3">IPv4</dt><dd><CopyText text={server.ipv4} label="IPv4 address" /></dd></> : null}
        {server.ipv6 ? <><dt className="text-ink-3">IPv6</dt><dd><CopyText text={server.ipv6} label="IPv6 address" /></dd></> : null}
        <dt className="text-ink-3">User</dt><dd><CopyText text={user} label="user name" /></dd>
        {address ? <><dt className="text-ink-3">Log in</dt><dd><CopyText text={`ssh ${user}@${address}`} label="command" /></dd></> : null}
      </dl>
      <div className="mt-4 border-t border-line pt-4 empty:hidden"><PasswordReveal server={server} /></div>
    </Section>
  );
}
