import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../api/query";
import { addSshKey, sshKeysQuery } from "../../api/servers";
import { canMakeKeys } from "../../lib/sshKey";
import { Button } from "../../ui/Button";
import { Checkbox, Textarea } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { MakeKeyDialog } from "./MakeKey";

export type ChosenKeys = { keyIds: string[]; publicKey: string; passwordLogin: boolean };

/** How one will log in: keys that are kept, a new one, one made here, or a password. */
export function KeyPicker({ accountId, chosen, change, error }: {
  accountId: string | undefined; chosen: ChosenKeys; change: (part: Partial<ChosenKeys>) => void; error: string | undefined;
}) {
  const [making, setMaking] = useState(false);
  const keys = useQuery({ ...sshKeysQuery(accountId ?? ""), enabled: Boolean(accountId) }).data?.items ?? [];
  const keep = async ({ name, publicLine }: { name: string; publicLine: string }) => {
    if (!accountId) return change({ publicKey: publicLine });
    const key = await addSshKey({ account_id: accountId, name, public_key: publicLine });
    await queryClient.invalidateQueries({ queryKey: ["ssh-keys"] });
    change({ keyIds: [...chosen.keyIds, key.id] });
  };
  return (
    <>
      {keys.length > 0 ? (
        <fieldset className="mb-3">
          <legend className="mb-1 text-sm font-medium text-ink-2">Your SSH keys</legend>
          {keys.map((key) => (
            <Checkbox key={key.id} label={key.name} help={<code className="text-xs break-all">{key.fingerprint}</code>} checked={chosen.keyIds.includes(key.id)}
              onChange={(event) => change({ keyIds: event.target.checked ? [...chosen.keyIds, key.id] : chosen.keyIds.filter((id) => id !== key.id) })} />
          ))}
        </fieldset>
      ) : null}
      <Field label={keys.length > 0 ? "Another SSH key" : "SSH key"} optional error={error} help="Paste the public half, the file that ends in .pub. It is safe to share."
        aside={canMakeKeys() ? <Button look="quiet" icon="key" onClick={() => setMaking(true)}>Make one</Button> : null}>
        <Textarea rows={3} className="font-mono text-sm" spellCheck={false} placeholder="ssh-ed25519 AAAA… you@laptop" value={chosen.publicKey} onChange={(event) => change({ publicKey: event.target.value })} />
      </Field>
      <Checkbox className="mt-2" label="Log in with a password" help="We make one and show it once when the server is ready. A key is safer." checked={chosen.passwordLogin}
        onChange={(event) => change({ passwordLogin: event.target.checked })} />
      {making ? <MakeKeyDialog keep={keep} onClose={() => setMaking(false)} /> : null}
    </>
  );
}
