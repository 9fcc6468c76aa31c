import { useQuery } from "@tanstack/react-query";
import { serverHistoryQuery, tasksQuery } from "../../api/servers";
import { deedWords } from "../../parts/servers/deeds";
import { TaskList } from "../../parts/servers/TaskList";
import { LinkButton } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Ago } from "../../ui/DateTime";
import { SkeletonLines } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { useUrl } from "../../lib/url";
import type { TabProps } from "./tabs";

function Tasks({ serverId }: { serverId: string }) {
  const { data, error, refetch } = useQuery(tasksQuery(serverId));
  return (
    <Section title="Tasks" flush>
      {data ? (data.items.length > 0 ? <TaskList tasks={data.items} /> : <EmptyState title="Nothing has been asked yet">Each start, restart and reinstallation will stand here with who asked for it and how it went.</EmptyState>)
        : error ? <ErrorState error={error} retry={refetch} /> : <div className="p-4"><SkeletonLines lines={4} /></div>}
    </Section>
  );
}

/** Everything that is written down about the server, whoever did it. */
function Deeds({ serverId }: { serverId: string }) {
  const [params] = useUrl();
  const { data, error, refetch } = useQuery(serverHistoryQuery(serverId, params.get("cursor")));
  return (
    <Section title="Log" flush>
      {data ? (data.items.length > 0 ? (
        <ol aria-label="Log" className="divide-y divide-line">
          {data.items.map((each) => (
            <li key={each.id} className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-0.5 px-4 py-2">
              <span className="min-w-0 wrap-anywhere">{deedWords(each.verb)}{each.said ? <span className="text-ink-3">: {each.said}</span> : null}</span>
              <span className="text-sm text-ink-3">{each.actor.kind === "system" ? "Automatic" : each.actor.name} · <Ago at={each.at} /></span>
            </li>
          ))}
        </ol>
      ) : <EmptyState title="Nothing is written down yet" />) : error ? <ErrorState error={error} retry={refetch} /> : <div className="p-4"><SkeletonLines lines={4} /></div>}
      {data?.next ? <div className="border-t border-line p-3"><LinkButton href={`/servers/${serverId}?tab=history&cursor=${encodeURIComponent(data.next)}`}>Older</LinkButton></div> : null}
    </Section>
  );
}

export function HistoryTab({ server }: TabProps) {
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Tasks serverId={server.id} />
      <Deeds serverId={server.id} />
    </div>
  );
}
