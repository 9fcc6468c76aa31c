import { ImageMark, PlaceText } from "../../parts/catalog/Marks";
import { sizeFacts } from "../../parts/catalog/words";
import { PasswordReveal } from "../../parts/servers/PasswordReveal";
import { Facts, Section } from "../../ui/Card";
import { CopyText, Id } from "../../ui/Copy";
import { Ago } from "../../ui/DateTime";
import { NotesSection } from "./NotesSection";
import type { TabProps } from "./tabs";

export function OverviewTab({ server }: TabProps) {
  const address = server.ipv4 ?? server.ipv6;
  const user = server.image.default_user;
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <div className="min-w-0 space-y-5">
      <Section title="Reach it">
        <Facts items={[
          ["IPv4", server.ipv4 ? <CopyText key="4" text={server.ipv4} label="IPv4 address" /> : "being assigned"],
          ["IPv6", server.ipv6 ? <CopyText key="6" text={server.ipv6} label="IPv6 address" /> : "none"],
          ["User", <CopyText key="user" text={user} label="user name" />],
          ["Log in", address ? <CopyText key="ssh" text={`ssh ${user}@${address}`} label="command" /> : "once it has an address"],
        ]} />
        <div className="mt-4 empty:hidden"><PasswordReveal key={server.id} server={server} /></div>
      </Section>
      <NotesSection server={server} />
      </div>
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
