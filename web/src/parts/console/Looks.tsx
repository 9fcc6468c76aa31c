import { useQuery } from "@tanstack/react-query";
import { consolesQuery } from "../../api/console";
import { Badge, StateBadge } from "../../ui/Badge";
import { Section } from "../../ui/Card";
import { Ago } from "../../ui/DateTime";

/** Who looked at a server's screen lately; nothing where nobody did. Staff also read why. */
export function Looks({ serverId, staff = false, className }: { serverId: string; staff?: boolean; className?: string }) {
  const looks = useQuery(consolesQuery(serverId, staff)).data?.items ?? [];
  if (looks.length === 0) return null;
  return (
    <Section flush title="Who looked at the screen" className={className ?? ""}>
      <ul className="divide-y divide-line">
        {looks.map((look) => (
          <li key={look.id} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-0.5 px-4 py-2">
            <span className="min-w-0">
              <span className="font-medium">{look.user_name}</span>{look.as_staff ? <> <Badge tone="info">Staff</Badge></> : null}
              {look.reason ? <span className="block text-sm wrap-anywhere text-ink-2">{look.reason}</span> : null}
            </span>
            <span className="flex items-center gap-3 text-sm text-ink-3"><Ago at={look.opened_at} />{look.ended_at ? null : <StateBadge look={{ word: "Open", tone: "good" }} />}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
