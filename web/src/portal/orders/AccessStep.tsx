import { KeyPicker } from "../../parts/servers/KeyPicker";
import { Input } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { Step } from "./Step";
import type { Draft, DraftErrors } from "./draft";

type StepProps = { draft: Draft; change: (part: Partial<Draft>) => void; errors: DraftErrors };

export function AccessStep({ accountId, draft, change, errors }: StepProps & { accountId: string | undefined }) {
  return (
    <Step id="access" title="How you log in" error={errors.access}>
      <KeyPicker accountId={accountId} chosen={draft} change={change} error={errors.publicKey} />
    </Step>
  );
}

export function NameStep({ draft, change, errors }: StepProps) {
  return (
    <Step id="name" title="Name">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Hostname" error={errors.hostname} help="What the server calls itself.">
          <Input value={draft.hostname} placeholder="web-1.example.com" maxLength={253} autoCapitalize="off" spellCheck={false} autoComplete="off" onChange={(event) => change({ hostname: event.target.value })} />
        </Field>
        <Field label="Label" optional error={errors.label} help="What you call it here.">
          <Input value={draft.label} maxLength={80} autoComplete="off" onChange={(event) => change({ label: event.target.value })} />
        </Field>
      </div>
    </Step>
  );
}
