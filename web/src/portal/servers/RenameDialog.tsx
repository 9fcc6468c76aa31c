import { changeServer } from "../../api/servers";
import type { Server } from "../../api/types";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";

export function RenameDialog({ server, onClose }: { server: Server; onClose: () => void }) {
  const form = useForm({
    initial: { label: server.label ?? "" },
    submit: async (values) => {
      await changeServer(server.id, { label: values.label.trim() });
      onClose();
    },
  });
  return (
    <Dialog open title="Rename" onClose={onClose}>
      <FormShell form={form} label="Rename" actions={<><Button type="submit" look="primary" busy={form.sending}>Save</Button><Button onClick={onClose}>Cancel</Button></>}>
        <Field label="Label" help={`What you call it here, and the panel too. The server goes on calling itself ${server.hostname}; that changes only with a reinstallation.`} error={form.errors.label}><Input maxLength={60} autoFocus {...form.text("label")} /></Field>
      </FormShell>
    </Dialog>
  );
}
