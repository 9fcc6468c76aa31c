import { useState } from "react";
import { retryJob } from "../../api/admin";
import type { Job } from "../../api/adminTypes";
import { queryClient } from "../../api/query";
import { Button } from "../../ui/Button";
import { toast, toastError } from "../../ui/Toast";

/** Puts a dead job back into the queue; jobs check first what has been done already, so nothing happens twice. */
export function RetryJob({ job, primary }: { job: Job; primary?: boolean }) {
  const [sending, setSending] = useState(false);
  if (!job.can.includes("retry")) return null;
  const retry = async () => {
    setSending(true);
    try {
      await retryJob(job.id);
      await queryClient.invalidateQueries({ queryKey: ["admin"] });
      toast(`${job.name} is queued again`);
    } catch (error) {
      toastError(error);
    } finally {
      setSending(false);
    }
  };
  return <Button className="relative z-10" look={primary ? "primary" : "plain"} icon="refresh" busy={sending} onClick={() => void retry()}>Retry</Button>;
}
