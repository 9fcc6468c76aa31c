import { useQuery } from "@tanstack/react-query";
import { tasksQuery } from "../../api/servers";
import { TaskList } from "../../parts/servers/TaskList";
import { Section } from "../../ui/Card";
import { SkeletonLines } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import type { TabProps } from "./tabs";

export function HistoryTab({ server }: TabProps) {
  const { data, error, refetch } = useQuery(tasksQuery(server.id));
  return (
    <Section flush>
      {data ? (data.items.length > 0 ? <TaskList tasks={data.items} /> : <EmptyState title="Nothing has been done yet">Each start, restart and change will stand here with who did it and how it went.</EmptyState>)
        : error ? <ErrorState error={error} retry={refetch} /> : <div className="p-4"><SkeletonLines lines={4} /></div>}
    </Section>
  );
}
