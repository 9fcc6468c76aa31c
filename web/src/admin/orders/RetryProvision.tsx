import { useState } from "react";
import { retryProvision } from "../../api/admin";
import type { Provision } from "../../api/adminTypes";
import { queryClient } from "../../api/query";
import { Button } from "../../ui/Button";
import { toast, toastError } from "../../ui/Toast";

/** Lets a stopped creation go on; it looks first for a server that was made already. */
export function RetryProvision({ provision }: { provision: Provision }) {
  const [sending, setSending] = useState(false);
  const retry = async () => {
    setSending(true);
    try {
      await retryProvision(provision.id);
      await queryClient.invalidateQueries({ queryKey: ["admin"] });
      toast("The server is being built again");
    } catch (error) {
      toastError(error);
    } finally {
      setSending(false);
    }
  };
  return <Button look="primary" icon="refresh" busy={sending} onClick={() => void retry()}>Retry</Button>;
}
