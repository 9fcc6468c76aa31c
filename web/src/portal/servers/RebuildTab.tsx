import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../api/query";
import { reinstallServer, serverImagesQuery } from "../../api/servers";
import type { Image, Server } from "../../api/types";
import { isApiError, sayError } from "../../lib/errors";
import { ImagePicker } from "../../parts/catalog/ImagePicker";
import { type ChosenKeys, KeyPicker } from "../../parts/servers/KeyPicker";
import { serverName } from "../../parts/servers/words";
import { useUrl } from "../../lib/url";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Input } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { whyNot } from "./power";
import type { TabProps } from "./tabs";

type Errors = { image?: string; hostname?: string; access?: string; publicKey?: string; rest?: string };
const fields: Record<string, keyof Errors> = { image_id: "image", hostname: "hostname", ssh_key_ids: "access", public_key: "publicKey", new_ssh_key: "publicKey" };

function errorsOf(error: unknown): Errors {
  const found: Errors = {};
  for (const each of isApiError(error) ? error.errors : []) {
    const name = each.field.split(".").map((part) => fields[part]).find(Boolean);
    found[name ?? "rest"] = each.message;
  }
  return Object.keys(found).length > 0 ? found : { rest: sayError(error) };
}

function Lost({ server, image, hostname }: { server: Server; image: Image; hostname: string }) {
  return (
    <ul className="list-disc space-y-1 pl-5">
      <li><strong className="text-ink">Everything on its disk is erased</strong>: files, databases, users, settings. We keep no copy.</li>
      <li>It is installed with {image.name} and calls itself <code>{hostname}</code>.</li>
      <li>Old passwords and keys no longer count. Its addresses, plan and price stay.</li>
      {server.power === "running" ? <li>It runs now and is cut off at once.</li> : null}
    </ul>
  );
}

function RebuildForm({ server, images }: { server: Server; images: Image[] }) {
  const [, changeUrl] = useUrl();
  const [image, setImage] = useState(images.find((each) => each.id === server.image.id)?.id ?? "");
  const [hostname, setHostname] = useState(server.hostname);
  const [access, setAccess] = useState<ChosenKeys>({ keyIds: [], publicKey: "", passwordLogin: false });
  const [errors, setErrors] = useState<Errors>({});
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const chosen = images.find((each) => each.id === image);

  async function run(): Promise<void> {
    const publicKey = access.publicKey.trim();
    try {
      await reinstallServer(server.id, {
        image_id: image, hostname: hostname.trim(), confirm: server.hostname, password_login: access.passwordLogin, ssh_key_ids: access.keyIds,
        ...(publicKey ? { new_ssh_key: { name: publicKey.split(/\s+/)[2] ?? `Key for ${hostname}`.slice(0, 60), public_key: publicKey } } : {}),
      });
    } catch (error) {
      return setErrors(errorsOf(error));
    }
    await queryClient.invalidateQueries({ queryKey: ["servers"] });
    changeUrl({ tab: null });
  }
  function ask(): void {
    const found: Errors = {};
    if (!chosen) found.image = "Choose a system.";
    if (!hostname.trim()) found.hostname = "Give it a host name, such as web-1.example.com.";
    if (access.keyIds.length === 0 && !access.publicKey.trim() && !access.passwordLogin) found.access = "Choose an SSH key or a password, or you could not log in.";
    setErrors(found);
    if (Object.keys(found).length > 0 || !chosen) return;
    setAsking({
      title: `Reinstall ${serverName(server)}?`, verb: "Erase and reinstall", danger: true, typedName: server.hostname, run,
      body: <Lost server={server} image={chosen} hostname={hostname.trim()} />,
    });
  }
  return (
    <div className="max-w-[920px] space-y-5">
      <Notice tone="warn" title="A fresh system, and nothing else">Everything on the server's disk is erased. Save what you need first.</Notice>
      {errors.rest ? <Notice tone="bad" role="alert">{errors.rest}</Notice> : null}
      <Section title={<span id="rebuild-image">System</span>}>
        {errors.image ? <p role="alert" className="mb-2 text-sm text-bad">{errors.image}</p> : null}
        <ImagePicker images={images} value={image} onChange={setImage} labelledBy="rebuild-image" />
      </Section>
      <Section title="How you log in">
        {errors.access ? <p role="alert" className="mb-2 text-sm text-bad">{errors.access}</p> : null}
        <KeyPicker accountId={server.account_id} chosen={access} change={(part) => setAccess((before) => ({ ...before, ...part }))} error={errors.publicKey} />
      </Section>
      <Section title="Name">
        <Field label="Hostname" error={errors.hostname} help="What the server calls itself. Keep it, or give it another.">
          <Input value={hostname} maxLength={253} autoCapitalize="off" spellCheck={false} autoComplete="off" onChange={(event) => setHostname(event.target.value)} />
        </Field>
      </Section>
      <Button look="danger" icon="refresh" onClick={ask}>Reinstall</Button>
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </div>
  );
}

export function RebuildTab({ server }: TabProps) {
  const { data, error, refetch } = useQuery(serverImagesQuery(server.id));
  if (!server.can.includes("reinstall")) {
    const busy = server.active_task?.kind === "reinstall" ? "It is being reinstalled; its progress stands above." : whyNot(server);
    return <Notice tone="neutral" role="status" title="It can't be reinstalled now">{busy ?? (server.can.length === 0 ? "Your role does not allow it. Ask an owner, admin or technical member of the account." : "Its service is not active.")}</Notice>;
  }
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-80 w-full" />;
  if (data.items.length === 0) return <Notice tone="neutral" role="status">No system that we offer can be installed on this plan now. Write to us.</Notice>;
  return <RebuildForm key={server.image.id} server={server} images={data.items} />;
}
