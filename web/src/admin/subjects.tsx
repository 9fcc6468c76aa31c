import { Link } from "wouter";

type Named = { kind: string; id: string | null };

const roots: Record<string, string> = {
  account: "/admin/customers", customer: "/admin/customers", order: "/admin/orders", invoice: "/admin/invoices", payment: "/admin/payments",
  server: "/admin/servers", provision: "/admin/orders", job: "/admin/jobs", service: "/admin/services", book: "/admin/books",
};

/** Where staff look at a thing that is named by kind and id. */
export function subjectHref(subject: Named | null | undefined): string | null {
  if (!subject?.id) return null;
  const root = roots[subject.kind];
  if (root) return `${root}/${subject.id}`;
  return subject.kind === "mail" ? "/admin/mail?state=refused" : subject.kind === "settings" ? `/admin/settings?section=${subject.id}` : null;
}

export function SubjectLink({ subject }: { subject: Named | null }) {
  if (!subject?.id) return <span className="text-ink-3">–</span>;
  const href = subjectHref(subject);
  const text = `${subject.kind} ${subject.id.length > 10 ? `…${subject.id.slice(-6)}` : subject.id}`;
  return href ? <Link href={href} className="relative z-10 text-accent-text underline underline-offset-2">{text}</Link> : <span title={subject.id}>{text}</span>;
}
