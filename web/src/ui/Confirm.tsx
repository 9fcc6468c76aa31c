import { type ReactNode, useState } from "react";
import { sayError } from "../lib/errors";
import { Button } from "./Button";
import { Input } from "./controls";
import { Dialog } from "./Dialog";
import { Field } from "./Field";
import { Notice } from "./Notice";

export type ConfirmRequest = {
  title: string; body: ReactNode; verb: string; danger?: boolean;
  /** When set, this exact name has to be typed first. */
  typedName?: string;
  /** When set, a reason is asked for and given to `run`. */
  reasonLabel?: string;
  run: (reason: string) => Promise<unknown>;
};

/** Says exactly what will happen before it happens. */
export function Confirm({ request, onClose }: { request: ConfirmRequest | null; onClose: () => void }) {
  return request ? <OpenConfirm request={request} onClose={onClose} /> : null;
}

function OpenConfirm({ request, onClose }: { request: ConfirmRequest; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [reason, setReason] = useState("");
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const missing = (request.typedName !== undefined && typed.trim() !== request.typedName) || (request.reasonLabel !== undefined && reason.trim() === "");

  async function go(): Promise<void> {
    setSending(true);
    setFailure(null);
    try {
      await request.run(reason.trim());
      onClose();
    } catch (error) {
      setFailure(sayError(error));
      setSending(false);
    }
  }

  return (
    <Dialog open title={request.title} onClose={onClose}>
      <form className="space-y-4" onSubmit={(event) => {
        event.preventDefault();
        if (!missing && !sending) void go();
      }}>
        {failure ? <Notice tone="bad" role="alert">{failure}</Notice> : null}
        <div className="space-y-2 text-ink-2">{request.body}</div>
        {request.reasonLabel ? (
          <Field label={request.reasonLabel} help="Kept in the audit log."><Input value={reason} onChange={(event) => setReason(event.target.value)} autoFocus /></Field>
        ) : null}
        {request.typedName ? (
          <Field label={<>Type <code className="text-ink">{request.typedName}</code> to confirm</>}>
            <Input value={typed} onChange={(event) => setTyped(event.target.value)} autoComplete="off" spellCheck={false} autoFocus />
          </Field>
        ) : null}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={request.danger ? "danger" : "primary"} busy={sending} disabled={sending || missing}>{request.verb}</Button>
        </div>
      </form>
    </Dialog>
  );
}
