import type { Task } from "../../api/types";
import { TaskLine } from "../../ui/TaskLine";
import { taskLooks, taskWords } from "./words";

export function taskTitle(kind: string): string {
  return taskWords[kind] ?? kind.replaceAll("_", " ").replace(/^./, (first) => first.toUpperCase());
}

export function TaskList({ tasks }: { tasks: Task[] }) {
  return (
    <ul aria-label="Tasks" className="divide-y divide-line">
      {tasks.map((task) => (
        <TaskLine key={task.id} title={task.about ? `${taskTitle(task.kind)}: ${task.about}` : taskTitle(task.kind)} look={taskLooks[task.state]} moving={task.state === "running" || task.state === "queued"}
          who={task.actor.kind === "system" ? "Automatic" : task.actor.name} createdAt={task.created_at} startedAt={task.started_at}
          finishedAt={task.finished_at} progress={task.progress} error={task.error} note={task.note} />
      ))}
    </ul>
  );
}
