import { useState } from "react";
import { ApiError } from "../../lib/errors";
import { makeKeyPair, saveFile } from "../../lib/sshKey";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/controls";
import { CopyText } from "../../ui/Copy";
import { Dialog } from "../../ui/Dialog";
import { Field } from "../../ui/Field";
import { useForm } from "../../ui/form";
import { FormShell } from "../../ui/FormShell";
import { Notice } from "../../ui/Notice";

const fileOf = (name: string): string => `id_ed25519_${name.toLowerCase().replace(/[^a-z\d]+/g, "-").replace(/^-|-$/g, "") || "key"}`;

/** Makes a key pair in this browser: the private half is saved as a file, the public half is given to `keep`. */
export function MakeKeyDialog({ keep, onClose }: { keep: (key: { name: string; publicLine: string }) => Promise<unknown>; onClose: () => void }) {
  const [saved, setSaved] = useState<string | null>(null);
  const form = useForm({
    initial: { name: "" },
    validate: (values) => ({ name: values.name.trim() ? undefined : "Give it a name, such as the computer it stays on." }),
    submit: async (values) => {
      const name = values.name.trim();
      const pair = await makeKeyPair(name.replace(/\s+/g, "-")).catch(() => {
        throw new ApiError({ status: 0, code: "key_not_made", message: "This browser can't make Ed25519 keys. Run ssh-keygen -t ed25519 and paste the .pub file." });
      });
      await keep({ name, publicLine: pair.publicLine });
      saveFile(fileOf(name), pair.privateFile);
      setSaved(fileOf(name));
    },
  });
  if (saved) {
    return (
      <Dialog open title="Your key is made" onClose={onClose}>
        <div className="space-y-4">
          <Notice tone="good" role="status" title="The private half was saved by your browser">Nobody else has it, and we can't give it to you again.</Notice>
          <ol className="list-decimal space-y-2 pl-5">
            <li>Put it where only you can read it:<span className="block"><CopyText text={`mv ~/Downloads/${saved} ~/.ssh/ && chmod 600 ~/.ssh/${saved}`} label="command" /></span></li>
            <li>Give it a passphrase, if others use your computer:<span className="block"><CopyText text={`ssh-keygen -p -f ~/.ssh/${saved}`} label="command" /></span></li>
            <li>Log in with it:<span className="block"><CopyText text={`ssh -i ~/.ssh/${saved} root@address`} label="command" /></span></li>
          </ol>
          <div className="flex justify-end"><Button look="primary" onClick={onClose}>Done</Button></div>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open title="Make a key pair" onClose={onClose}>
      <FormShell form={form} label="Make a key pair" actions={<><Button type="submit" look="primary" icon="key" busy={form.sending}>Make it and save the private half</Button><Button onClick={onClose}>Cancel</Button></>}>
        <p className="text-ink-2">Your browser makes an Ed25519 key. The private half is saved as a file on this computer and never sent; we keep the public half.</p>
        <Field label="Name" error={form.errors.name}><Input autoFocus maxLength={60} autoComplete="off" placeholder="Ada's laptop" {...form.text("name")} /></Field>
      </FormShell>
    </Dialog>
  );
}
