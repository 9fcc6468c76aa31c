import { useState } from "react";
import { type Address, setReverseName } from "../../api/serverSight";
import { isApiError } from "../../lib/errors";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/controls";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Notice } from "../../ui/Notice";

/** The reverse name of an address. One that does not lead back is said so before it is set. */
export function ReverseNameDialog({ serverId, address, hostname, onClose }: { serverId: string; address: Address; hostname: string; onClose: () => void }) {
  const [warning, setWarning] = useState<string | null>(null);
  const form = useForm({
    initial: { name: address.reverse_name ?? hostname },
    submit: async (values) => {
      try {
        await setReverseName(serverId, { address: address.address, name: values.name.trim() || null, anyway: warning !== null });
        onClose();
      } catch (error) {
        if (!isApiError(error) || error.code !== "forward_mismatch") throw error;
        setWarning(error.message);
      }
    },
  });
  const change = form.text("name");
  return (
    <Dialog open title={`Reverse name of ${address.address}`} onClose={onClose}>
      <FormShell form={form} label="Reverse name" actions={<><Button type="submit" look={warning ? "danger" : "primary"} busy={form.sending}>{warning ? "Set it anyway" : "Set reverse name"}</Button><Button onClick={onClose}>Cancel</Button></>}>
        {warning ? <Notice tone="warn" role="alert" title="It does not lead back">{warning}</Notice> : null}
        <Field label="Name" error={form.errors.name} help="Such as mail.example.com. Empty it for none. The name has to lead to this address first.">
          <Input maxLength={253} autoFocus autoCapitalize="off" spellCheck={false} autoComplete="off" {...change} onChange={(event) => {
            setWarning(null);
            change.onChange(event);
          }} />
        </Field>
      </FormShell>
    </Dialog>
  );
}
