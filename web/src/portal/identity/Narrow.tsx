import type { ReactNode } from "react";
import { useTitle } from "../../lib/title";

/** One column for signing up and in. */
export function Narrow({ title, lead, children, below }: { title: string; lead?: ReactNode; children: ReactNode; below?: ReactNode }) {
  useTitle(title);
  return (
    <div className="mx-auto w-full max-w-[400px] px-4 py-12 sm:py-16">
      <h1 className="text-xl">{title}</h1>
      {lead ? <div className="mt-2 text-ink-2">{lead}</div> : null}
      <div className="mt-6">{children}</div>
      {below ? <div className="mt-6 border-t border-line pt-4 text-ink-2">{below}</div> : null}
    </div>
  );
}

export const linkClass = "text-accent-text underline underline-offset-2 hover:no-underline";
export const looksLikeEmail = (text: string) => /^\S+@\S+\.\S+$/.test(text.trim());
