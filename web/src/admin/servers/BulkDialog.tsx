import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { beginBulk, type BulkPreview, type BulkVerb, previewBulk, type StaffHold } from "../../api/adminBulk";
import { sayError } from "../../lib/errors";
import { StateBadge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Input, Select } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { SkeletonLines } from "../../ui/Skeleton";
import { bulkVerbs, staffHolds } from "./bulkWords";

function Rows({ preview }: { preview: BulkPreview }) {
  return (
    <ul aria-label="What will happen" className="max-h-72 divide-y divide-line overflow-y-auto rounded border border-line">
      {preview.rows.toSorted((a, b) => Number(b.included) - Number(a.included)).map((row) => (
        <li key={row.server_id} className="flex flex-wrap items-baseline justify-between gap-x-4 px-3 py-1.5">
          <span className="min-w-0 flex-1 basis-48 wrap-anywhere"><a href={`/admin/servers/${row.server_id}`} target="_blank" rel="noreferrer" className="hover:underline">{row.hostname}</a><span className="text-ink-3">, {row.account_name}</span><span className="block text-sm text-ink-2">{row.says}</span></span>
          <StateBadge look={row.included ? { word: "Included", tone: "good" } : { word: "Left alone", tone: "neutral" }} />
        </li>
      ))}
    </ul>
  );
}

/** What will happen to each of the chosen servers, who is left alone and why; then a reason, then it begins. */
export function BulkDialog({ verb, ids, onClose, onBegun }: { verb: BulkVerb; ids: string[]; onClose: () => void; onBegun: () => void }) {
  const [hold, setHold] = useState<StaffHold>("staff");
  const [reason, setReason] = useState("");
  const [sending, setSending] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [, navigate] = useLocation();
  const words = bulkVerbs[verb];
  const holds = verb === "suspend" || verb === "resume";
  const { data: preview, error } = useQuery({ queryKey: ["admin", "bulk", "preview", verb, hold, ids], queryFn: () => previewBulk(verb, hold, ids), gcTime: 0 });
  const count = preview?.included ?? 0;
  const go = async () => {
    setSending(true);
    setFailure(null);
    try {
      const work = await beginBulk({ verb, hold, reason: reason.trim(), server_ids: ids });
      onBegun();
      navigate(`/admin/bulk/${work.id}`);
    } catch (caught) {
      setFailure(sayError(caught));
      setSending(false);
    }
  };
  const missing = reason.trim().length < 3 || count === 0;
  return (
    <Dialog open wide title={`${words.verb} ${ids.length} ${ids.length === 1 ? "server" : "servers"}?`} onClose={onClose}>
      <form className="space-y-4" onSubmit={(event) => {
        event.preventDefault();
        if (!missing && !sending) void go();
      }}>
        {failure ?? error ? <Notice tone="bad" role="alert">{failure ?? sayError(error)}</Notice> : null}
        {holds ? <Field label="Because of" help={verb === "suspend" ? "The servers stop, their customers read of it, and no payment lifts this." : "Other reasons for which a server is suspended stay."}><Select value={hold} onChange={(event) => setHold(event.target.value === "abuse" ? "abuse" : "staff")}>{Object.entries(staffHolds).map(([value, label]) => <option key={value} value={value}>{label}</option>)}</Select></Field> : null}
        {preview ? <><p className="text-ink-2" role="status">{count} of {preview.rows.length} {count === 1 ? "is" : "are"} included. They are weighed once more when it begins, each is a task of its own.</p><Rows preview={preview} /></> : error ? null : <SkeletonLines lines={4} />}
        <Field label="Reason" help="Kept in the audit log of each server."><Input value={reason} onChange={(event) => setReason(event.target.value)} /></Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look={words.danger ? "danger" : "primary"} busy={sending} disabled={sending || missing} title={count === 0 ? "None of them can have this done now" : missing ? "Give a reason first" : undefined}>{words.verb} {count}</Button>
        </div>
      </form>
    </Dialog>
  );
}
