import { Link } from "wouter";
import type { Invoice } from "../../api/types";
import { On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";

const linkClass = "text-accent-text underline underline-offset-2";

/** What corrects this document, or which one it corrects, and why. */
export function CreditNotes({ invoice, root }: { invoice: Pick<Invoice, "corrects" | "credit_notes" | "reason" | "kind">; root: string }) {
  const { corrects, credit_notes: notes, reason, kind } = invoice;
  if (!corrects && notes.length === 0 && !reason) return null;
  return (
    <div className="space-y-2">
      {corrects ? <p>Corrects <Link className={linkClass} href={`${root}/${corrects.id}`}>{corrects.number}</Link>.</p> : null}
      {reason ? <p className="text-ink-2">{kind === "credit_note" ? "Reason" : "Voided"}: {reason}</p> : null}
      {notes.length > 0 ? (
        <ul className="space-y-1.5">
          {notes.map((note) => (
            <li key={note.id} className="flex items-baseline justify-between gap-3">
              <span><Link className={linkClass} href={`${root}/${note.id}`}>{note.number}</Link> <span className="text-sm text-ink-3"><On on={note.issued_on} /></span></span>
              <Money value={note.total} />
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
