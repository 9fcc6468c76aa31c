export type KeyPair = { publicLine: string; privateFile: string };

const bytes = new TextEncoder();

/** A string as SSH writes it: its length in four bytes, then itself (RFC 4251, 5). */
function field(content: Uint8Array | string): number[] {
  const raw = typeof content === "string" ? bytes.encode(content) : content;
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, raw.length);
  return [...length, ...raw];
}

function base64(raw: number[] | Uint8Array): string {
  return btoa(String.fromCharCode(...raw));
}

export function canMakeKeys(): boolean {
  return typeof crypto !== "undefined" && "subtle" in crypto;
}

/**
 * An Ed25519 key pair made by this browser: the public half as the line of a .pub file, the private half
 * as OpenSSH writes it (PROTOCOL.key), without a passphrase. It is sent nowhere.
 */
export async function makeKeyPair(comment: string): Promise<KeyPair> {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const open = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const seed = new Uint8Array(await crypto.subtle.exportKey("pkcs8", pair.privateKey)).slice(-32);
  const shown = [...field("ssh-ed25519"), ...field(open)];
  const check = crypto.getRandomValues(new Uint8Array(4));
  const hidden = [...check, ...check, ...shown, ...field(new Uint8Array([...seed, ...open])), ...field(comment)];
  for (let pad = 1; hidden.length % 8 !== 0; pad += 1) hidden.push(pad);
  const file = [
    ...bytes.encode("openssh-key-v1\0"), ...field("none"), ...field("none"), ...field(""), 0, 0, 0, 1,
    ...field(new Uint8Array(shown)), ...field(new Uint8Array(hidden)),
  ];
  const lines = base64(file).match(/.{1,70}/g) ?? [];
  return {
    publicLine: `ssh-ed25519 ${base64(shown)} ${comment}`,
    privateFile: ["-----BEGIN OPENSSH PRIVATE KEY-----", ...lines, "-----END OPENSSH PRIVATE KEY-----", ""].join("\n"),
  };
}

/** Lets the browser save a text as a file. */
export function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
