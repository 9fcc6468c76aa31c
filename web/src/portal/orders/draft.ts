import { useCallback, useState } from "react";
import type { Cycle, OrderRequest } from "../../api/types";
import { forget, recall, remember } from "../../lib/store";
import { useUrl } from "../../lib/url";

export type Draft = {
  location: string; image: string; plan: string; cycle: Cycle | ""; hostname: string; label: string;
  keyIds: string[]; keyName: string; publicKey: string; passwordLogin: boolean;
  coupon: string; addons: Record<string, number>;
};

const blank: Draft = { location: "", image: "", plan: "", cycle: "", hostname: "", label: "", keyIds: [], keyName: "", publicKey: "", passwordLogin: false, coupon: "", addons: {} };
const inUrl = ["location", "image", "plan", "cycle"] as const;

/**
 * What has been chosen so far. The choices stand in the address, all of it in the browser's memory: it must
 * outlive the way through the mailbox, where the confirming link opens another tab.
 */
export function useDraft(): [Draft, (change: Partial<Draft>) => void] {
  const [params, changeUrl] = useUrl();
  const [draft, setDraft] = useState<Draft>(() => {
    const stored = { ...blank, ...recall<Partial<Draft>>("order-draft", {}) };
    const asked = Object.fromEntries(inUrl.flatMap((name) => (params.get(name) ? [[name, params.get(name)]] : [])));
    return { ...stored, ...asked } as Draft;
  });
  const change = useCallback((part: Partial<Draft>) => {
    setDraft((before) => {
      const after = { ...before, ...part };
      remember("order-draft", after);
      return after;
    });
    const shown = inUrl.filter((name) => name in part);
    if (shown.length > 0) changeUrl(Object.fromEntries(shown.map((name) => [name, part[name] ?? null])));
  }, [changeUrl]);
  return [draft, change];
}

export function dropDraft(): void {
  forget("order-draft");
}

export type DraftErrors = Partial<Record<"location" | "image" | "plan" | "addons" | "access" | "publicKey" | "hostname" | "label" | "coupon", string>>;

const hostnameShape = /^(?=.{1,253}$)([a-z\d]([a-z\d-]{0,61}[a-z\d])?)(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*$/i;
const keyShape = /^(ssh-(ed25519|rsa)|ecdsa-sha2-nistp\d+|sk-(ssh-ed25519|ecdsa-sha2-nistp256)@openssh\.com) [A-Za-z\d+/=]+/;

export function checkDraft(draft: Draft): DraftErrors {
  const errors: DraftErrors = {};
  if (!draft.location) errors.location = "Choose where the server should stand.";
  if (!draft.image) errors.image = "Choose a system.";
  if (!draft.plan) errors.plan = "Choose a plan.";
  if (draft.publicKey.trim() && !keyShape.test(draft.publicKey.trim())) errors.publicKey = "This is not a public SSH key. It begins with ssh-ed25519 or ssh-rsa; the file ends in .pub.";
  if (draft.keyIds.length === 0 && !draft.publicKey.trim() && !draft.passwordLogin) errors.access = "Choose an SSH key or a password, or you could not log in.";
  if (!hostnameShape.test(draft.hostname.trim())) errors.hostname = "Use letters, digits, hyphens and dots, such as web-1.example.com.";
  return errors;
}

/** Whose fault a refused field is, in this form's words. */
export const serverFields: Record<string, keyof DraftErrors> = {
  location_id: "location", image_id: "image", plan_id: "plan", cycle: "plan", hostname: "hostname", label: "label",
  new_ssh_key: "publicKey", public_key: "publicKey", ssh_key_ids: "access", password_login: "access", addons: "addons", coupon: "coupon",
};

/** Chosen add-ons that are sold for this plan and term, as the server wants them. */
export function addonChoices(draft: Draft, sold: { id: string }[]): { addon_id: string; quantity: number }[] {
  return sold.flatMap(({ id }) => (draft.addons[id] ? [{ addon_id: id, quantity: draft.addons[id] }] : []));
}

export function toRequest(draft: Draft, accountId: string): OrderRequest {
  const publicKey = draft.publicKey.trim();
  const name = draft.keyName.trim() || publicKey.split(/\s+/)[2] || `Key for ${draft.hostname.trim()}`;
  return {
    account_id: accountId, plan_id: draft.plan, location_id: draft.location, image_id: draft.image, cycle: draft.cycle === "" ? "monthly" : draft.cycle,
    hostname: draft.hostname.trim().toLowerCase(), password_login: draft.passwordLogin,
    ...(draft.label.trim() ? { label: draft.label.trim() } : {}),
    ...(draft.keyIds.length > 0 ? { ssh_key_ids: draft.keyIds } : {}),
    ...(draft.coupon.trim() ? { coupon: draft.coupon.trim() } : {}),
    ...(publicKey ? { new_ssh_key: { name, public_key: publicKey } } : {}),
  };
}
