import { useState } from "react";
import { changeServer } from "../../api/servers";
import type { Server } from "../../api/types";
import { Badge } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Input, Textarea } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";

const tagsOf = (text: string): string[] => [...new Set(text.split(",").map((each) => each.trim()).filter(Boolean))];

function Edit({ server, onClose }: { server: Server; onClose: () => void }) {
  const form = useForm({
    initial: { tags: server.tags.join(", "), notes: server.notes },
    guard: true,
    validate: (values) => ({ tags: tagsOf(values.tags).length > 10 ? "Ten tags are the most." : undefined }),
    submit: async (values) => {
      await changeServer(server.id, { tags: tagsOf(values.tags), notes: values.notes });
      onClose();
    },
  });
  return (
    <FormShell form={form} label="Tags and notes" actions={<><Button type="submit" look="primary" busy={form.sending}>Save</Button><Button onClick={onClose}>Cancel</Button></>}>
      <Field label="Tags" optional error={form.errors.tags} help="Separated by commas: web, production."><Input autoComplete="off" {...form.text("tags")} /></Field>
      <Field label="Notes" optional error={form.errors.notes} help="For you and your team. No passwords."><Textarea rows={4} maxLength={2000} {...form.text("notes")} /></Field>
    </FormShell>
  );
}

/** What the team writes about a server for itself; the search finds it. */
export function NotesSection({ server }: { server: Server }) {
  const [editing, setEditing] = useState(false);
  const may = server.can.includes("rename_label");
  return (
    <Section title="Tags and notes" aside={may && !editing ? <Button look="quiet" onClick={() => setEditing(true)}>Edit</Button> : null}>
      {editing ? <Edit server={server} onClose={() => setEditing(false)} /> : (
        <div className="space-y-2">
          {server.tags.length > 0 ? <p className="flex flex-wrap gap-1.5">{server.tags.map((tag) => <Badge key={tag}>{tag}</Badge>)}</p> : null}
          {server.notes ? <p className="whitespace-pre-wrap wrap-anywhere">{server.notes}</p> : null}
          {server.tags.length === 0 && !server.notes ? <p className="text-ink-3">None yet.</p> : null}
        </div>
      )}
    </Section>
  );
}
