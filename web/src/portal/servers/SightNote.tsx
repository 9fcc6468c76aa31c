import type { Sight } from "../../api/serverSight";
import { Ago } from "../../ui/DateTime";

/** How old what is shown is, and whether the panel answers. */
export function SightNote({ sight }: { sight: Sight }) {
  if (sight.trouble) return <p role="status" className="text-sm text-warn">{sight.trouble} {sight.seen_at ? <>What is shown was so <Ago at={sight.seen_at} />.</> : null}</p>;
  return <p role="status" className="text-sm text-ink-3">{sight.seen_at ? <>Seen at the panel <Ago at={sight.seen_at} />.</> : "Asking the panel…"}</p>;
}
