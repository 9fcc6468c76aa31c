import type { ReactNode } from "react";
import { Icon } from "../../ui/Icon";

/** One choice of the order: its heading, what is wrong with it, its options. */
export function Step({ id, title, aside, error, children }: { id: string; title: string; aside?: ReactNode; error?: string | undefined; children: ReactNode }) {
  return (
    <section id={id} aria-labelledby={`${id}-title`} tabIndex={-1} className="scroll-mt-4 outline-none">
      <div className="mb-2.5 flex flex-wrap items-baseline justify-between gap-2"><h2 id={`${id}-title`} className="text-lg">{title}</h2>{aside}</div>
      {error ? <p role="alert" className="mb-2.5 flex gap-1.5 text-bad"><Icon name="alert" className="mt-0.5 size-4" />{error}</p> : null}
      {children}
    </section>
  );
}
