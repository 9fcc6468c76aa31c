import type { Check } from "../../api/adminHealth";
import { Dialog } from "../../ui/Dialog";
import { runbookOf } from "./runbook";

/** The runbook's few marks: bold opens a paragraph, emphasis and code stand within. */
function marked(text: string) {
  return text.split(/(\*\*[^*]+\*\*|\*[^*]+\*|`[^`]+`)/).map((part, at) => {
    const key = `${at}-${part}`;
    if (part.startsWith("**")) return <strong key={key} className="block font-semibold text-ink">{part.slice(2, -2)}</strong>;
    if (part.startsWith("*")) return <em key={key}>{part.slice(1, -1)}</em>;
    return part.startsWith("`") ? <code key={key} className="wrap-anywhere">{part.slice(1, -1)}</code> : part;
  });
}

/** A check's section of the runbook, where it is needed. */
export function RunbookDialog({ check, onClose }: { check: Check | null; onClose: () => void }) {
  if (!check) return null;
  return (
    <Dialog wide open title={check.title} onClose={onClose}>
      <div className="space-y-3 text-ink-2">{runbookOf(check.name).map((each) => <p key={each}>{marked(each)}</p>)}</div>
    </Dialog>
  );
}
