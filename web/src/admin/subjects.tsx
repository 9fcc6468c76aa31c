import { Link } from "wouter";
import type { Subject } from "../api/adminTypes";

const roots: Record<string, string> = {
  account: "/admin/customers", customer: "/admin/customers", order: "/admin/orders", invoice: "/admin/invoices", payment: "/admin/payments",
  server: "/admin/servers", job: "/admin/jobs",
};

/** Where staff look at a thing that is named by kind and id. */
export function subjectHref(subject: Subject | null | undefined): string | null {
  if (!subject) return null;
  const root = roots[subject.kind];
  if (root) return `${root}/${subject.id}`;
  return subject.kind === "mail" ? "/admin/mail?state=failed" : subject.kind === "settings" ? `/admin/settings?section=${subject.id}` : null;
}

export function SubjectLink({ subject }: { subject: Subject | null }) {
  if (!subject) return <span className="text-ink-3">–</span>;
  const href = subjectHref(subject);
  const text = `${subject.kind} ${subject.id.length > 10 ? `…${subject.id.slice(-6)}` : subject.id}`;
  return href ? <Link href={href} className="relative z-10 text-accent-text underline underline-offset-2">{text}</Link> : <span title={subject.id}>{text}</span>;
}
