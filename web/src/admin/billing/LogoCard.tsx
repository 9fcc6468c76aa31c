import { useRef, useState } from "react";
import { dropLogo, putLogo } from "../../api/invoicing";
import { sayError } from "../../lib/errors";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Notice } from "../../ui/Notice";
import { toast } from "../../ui/Toast";

const bytesMax = 256 * 1024;

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** The logo that documents are printed with: an SVG or PNG, checked by the server. */
export function LogoCard() {
  const chooser = useRef<HTMLInputElement>(null);
  const [version, setVersion] = useState(1);
  const [missing, setMissing] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const change = async (work: () => Promise<unknown>, words: string) => {
    setSending(true);
    setFailure(null);
    try {
      await work();
      setMissing(false);
      setVersion((before) => before + 1);
      toast(words);
    } catch (error) {
      setFailure(sayError(error));
    } finally {
      setSending(false);
    }
  };
  const upload = (file: File | undefined) => {
    if (!file) return;
    if (file.size > bytesMax) setFailure("A logo may have 256 KiB at most.");
    else void change(async () => putLogo(await base64Of(file)), "Logo saved; documents written from now on have it");
  };
  return (
    <Section title="Logo on documents">
      <div className="space-y-3">
        {failure ? <Notice tone="bad" role="alert">{failure}</Notice> : null}
        {missing ? <p className="text-ink-3">No logo yet: the seller's name stands in its place.</p>
          : <img src={`/api/v1/admin/invoice-logo?${version}`} alt="The logo on documents" onError={() => setMissing(true)} className="max-h-16 max-w-60 rounded border border-line bg-white p-2" />}
        <input ref={chooser} type="file" accept="image/svg+xml,image/png" aria-label="Logo file" className="sr-only" tabIndex={-1} onChange={(event) => upload(event.target.files?.[0])} />
        <div className="flex gap-2">
          <Button busy={sending} onClick={() => chooser.current?.click()}>Choose an SVG or PNG</Button>
          {missing ? null : <Button look="quiet" disabled={sending} onClick={() => void change(dropLogo, "Logo removed")}>Remove</Button>}
        </div>
        <p className="text-sm text-ink-3">At most 256 KiB. An SVG must not run anything or refer to anything outside itself.</p>
      </div>
    </Section>
  );
}
