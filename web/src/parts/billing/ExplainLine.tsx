import { useState } from "react";
import type { InvoiceLine } from "../../api/types";
import { formatInstant } from "../../lib/format";
import { Dialog } from "../../ui/Dialog";
import { Money } from "../../ui/Money";

type Figure = { label: string; value: string };

function Figures({ title, figures }: { title: string; figures: Figure[] }) {
  if (figures.length === 0) return null;
  return (
    <section>
      <h3 className="mb-1 text-sm font-medium text-ink-3">{title}</h3>
      <dl className="grid grid-cols-[1fr_auto] gap-x-6 gap-y-1">
        {figures.map((figure) => <div key={figure.label} className="contents"><dt className="text-ink-2">{figure.label}</dt><dd className="num text-right">{figure.value}</dd></div>)}
      </dl>
    </section>
  );
}

/** How a line came to its amount: its period, price version, use and sums. */
export function ExplainLine({ line }: { line: InvoiceLine }) {
  const [open, setOpen] = useState(false);
  const why = line.explanation;
  if (!why) return null;
  const period: Figure[] = line.period_start && line.period_end
    ? [{ label: "From", value: formatInstant(line.period_start) }, { label: "Until", value: formatInstant(line.period_end) }] : [];
  return (
    <>
      <button type="button" aria-haspopup="dialog" onClick={() => setOpen(true)} className="no-print text-sm text-accent-text underline underline-offset-2">Explain this line</button>
      <Dialog open={open} title={line.description} onClose={() => setOpen(false)}>
        <div className="space-y-4">
          <Figures title="Period" figures={period} />
          {why.price_version ? <p className="text-sm text-ink-3">By version {why.price_version} of the price.</p> : null}
          <Figures title="What was used" figures={why.usage ?? []} />
          <Figures title="How it comes to this" figures={why.steps ?? []} />
          <p className="flex justify-between gap-4 border-t border-line pt-3 font-semibold"><span>Net on the invoice</span><Money value={line.net} /></p>
        </div>
      </Dialog>
    </>
  );
}
