import { formatDate, formatInstant, formatRelative } from "../lib/format";
import { useNow } from "../lib/now";

/** An instant told as distance from now, the exact moment on hover. What has happened is never told as if it were to come, even where clocks differ. */
export function Ago({ at, happened }: { at: string; happened?: boolean }) {
  const now = useNow();
  const told = happened && Date.parse(at) > now ? "just now" : formatRelative(at, now);
  return <time dateTime={at} title={formatInstant(at)} className="whitespace-nowrap">{told}</time>;
}

export function At({ at }: { at: string }) {
  return <time dateTime={at} className="whitespace-nowrap">{formatInstant(at)}</time>;
}

export function On({ on }: { on: string }) {
  return <time dateTime={on} className="whitespace-nowrap">{formatDate(on)}</time>;
}
