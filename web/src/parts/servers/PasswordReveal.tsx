import { useState } from "react";
import { queryClient } from "../../api/query";
import { revealPassword } from "../../api/servers";
import type { Server } from "../../api/types";
import { hasStatus, sayError } from "../../lib/errors";
import { Button } from "../../ui/Button";
import { CopyText } from "../../ui/Copy";
import { Notice } from "../../ui/Notice";

/** A password is shown a single time and then forgotten by us. */
export function PasswordReveal({ server }: { server: Server }) {
  const [shown, setShown] = useState<{ user: string; password: string } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const reveal = async () => {
    setAsking(true);
    try {
      setShown(await revealPassword(server.id));
    } catch (error) {
      setFailure(hasStatus(error, 410) ? "The password was shown before and is no longer kept. Reset it to get another." : sayError(error));
      void queryClient.invalidateQueries({ queryKey: ["servers", "one", server.id] });
    } finally {
      setAsking(false);
    }
  };
  // What is shown stays on the page although the server has forgotten it by then.
  if (shown) {
    return (
      <Notice tone="warn" role="status" title="Save this password now">
        It is shown once and no longer kept here.
        <span className="mt-1.5 block text-base text-ink">User <code>{shown.user}</code>: <CopyText text={shown.password} label="password" /></span>
      </Notice>
    );
  }
  if (failure) return <Notice tone="neutral" role="status">{failure}</Notice>;
  if (!server.password_available) return null;
  return (
    <div className="flex flex-wrap items-center gap-3">
      <Button icon="eye" busy={asking} disabled={!server.can.includes("reveal_password") || asking} onClick={() => void reveal()}>Show the password once</Button>
      <span className="text-sm text-ink-3">{server.can.includes("reveal_password") ? "Have your password manager ready." : "Your role may not see it."}</span>
    </div>
  );
}
