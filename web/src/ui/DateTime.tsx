import { formatDate, formatInstant, formatRelative } from "../lib/format";
import { useNow } from "../lib/now";

/** An instant told as distance from now, the exact moment on hover. */
export function Ago({ at }: { at: string }) {
  const now = useNow();
  return <time dateTime={at} title={formatInstant(at)} className="whitespace-nowrap">{formatRelative(at, now)}</time>;
}

export function At({ at }: { at: string }) {
  return <time dateTime={at} className="whitespace-nowrap">{formatInstant(at)}</time>;
}

export function On({ on }: { on: string }) {
  return <time dateTime={on} className="whitespace-nowrap">{formatDate(on)}</time>;
}
