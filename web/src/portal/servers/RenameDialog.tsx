import { queryClient } from "../../api/query";
import { renameServer } from "../../api/servers";
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
      queryClient.setQueryData(["servers", "one", server.id], await renameServer(server.id, values.label.trim()));
      void queryClient.invalidateQueries({ queryKey: ["servers", "list"] });
      onClose();
    },
  });
  return (
    <Dialog open title="Rename" onClose={onClose}>
      <FormShell form={form} label="Rename" actions={<><Button type="submit" look="primary" busy={form.sending}>Save</Button><Button onClick={onClose}>Cancel</Button></>}>
        <Field label="Label" help={`Only shown here. The server goes on calling itself ${server.hostname}.`} error={form.errors.label}><Input maxLength={80} autoFocus {...form.text("label")} /></Field>
      </FormShell>
    </Dialog>
  );
}
