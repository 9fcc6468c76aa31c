import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { Side } from "../../api/planChanges";
import { type ServiceUsage, type UsageMonth, usageQuery } from "../../api/usage";
import { formatMonth } from "../../lib/format";
import { type StateLook, StateBadge } from "../../ui/Badge";
import { Facts, Section } from "../../ui/Card";
import { At } from "../../ui/DateTime";
import { ExactPrice, Money } from "../../ui/Money";
import { Notice } from "../../ui/Notice";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";

const looks: Record<UsageMonth["state"], StateLook> = {
  open: { word: "Running", tone: "good" },
  held: { word: "Unpaid, not counted", tone: "bad" },
  closing: { word: "Being invoiced", tone: "info" },
  invoiced: { word: "Invoiced", tone: "neutral" },
  free: { word: "Nothing to pay", tone: "neutral" },
};
const link = "underline underline-offset-2";

function Warning({ usage, side }: { usage: ServiceUsage; side: Side }) {
  const topUp = side === "portal" ? <> <Link className={link} href="/top-up">Top up</Link></> : null;
  if (usage.arrears.minor > 0) return <Notice tone="bad"><Money value={usage.arrears} /> for hours is not paid: the balance did not cover it.{usage.short_since ? <> Since <At at={usage.short_since} />.</> : null}{topUp}</Notice>;
  return usage.low ? <Notice tone="warn">The balance is low{usage.lasts_until ? <>: it lasts until <At at={usage.lasts_until} /></> : null}.{topUp}</Notice> : null;
}

function Current({ month, usage }: { month: UsageMonth; usage: ServiceUsage }) {
  const currency = month.due.currency;
  return (
    <Facts items={[
      ["Hours so far", <span key="hours" className="num">{month.hours}</span>],
      ["Price", <span key="price"><ExactPrice amount={month.price_exact} currency={currency} /> per hour{month.coupon ? <span className="text-ink-3">, {month.coupon.percent} % off by {month.coupon.code}{month.coupon.until ? ` until ${formatMonth(month.coupon.until)}` : ""}</span> : null}</span>],
      ...month.earlier.map((past): [string, ReactNode] => ["Before", <span key={past.ends_at}>{past.hours} {past.hours === 1 ? "hour" : "hours"} as {past.name} at <ExactPrice amount={past.price_exact} currency={currency} />: <Money value={past.used} /></span>]),
      ...month.addons.map((one): [string, ReactNode] => ["Add-on", <span key={one.name}>{one.quantity > 1 ? `${one.quantity} × ` : ""}{one.name} at <ExactPrice amount={one.price_exact} currency={currency} /> per hour{one.cap ? <span className="text-ink-3">, at most <Money value={one.cap} /> a month</span> : null}</span>]),
      ["So far, with tax", <span key="due"><Money value={month.due} />{month.at_cap ? <span className="text-ink-3">, the most of this month</span> : null}</span>],
      ["Whole month, estimated", <Money key="estimate" value={month.estimate} />],
      ["At most a month, by the list", month.cap ? <Money key="cap" value={month.cap} /> : "no limit"],
      ["Balance and credits", <Money key="balance" value={usage.spendable} />],
      ["They last until", usage.lasts_until ? <At key="until" at={usage.lasts_until} /> : "more than a year"],
    ]} />
  );
}

function Month({ month, side }: { month: UsageMonth; side: Side }) {
  return (
    <li className="flex min-h-9 flex-wrap items-center justify-between gap-x-4 gap-y-0.5 border-b border-line py-1.5 last:border-0">
      <span>
        <span className="block">{formatMonth(month.month)}{month.invoice_id ? <> · <Link className={link} href={`${side === "admin" ? "/admin" : ""}/invoices/${month.invoice_id}`}>Invoice<span className="sr-only"> of {formatMonth(month.month)}</span></Link></> : null}</span>
        <span className="num block text-sm text-ink-3">{month.hours} {month.hours === 1 ? "hour" : "hours"} at <ExactPrice amount={month.price_exact} currency={month.due.currency} /></span>
      </span>
      <span className="flex items-center gap-4"><StateBadge look={looks[month.state]} /><Money value={month.due} className="min-w-16 text-right" /></span>
    </li>
  );
}

/** The hours of a service by month, what they cost so far, and how long the balance lasts. */
export function UsageSections({ serviceId, side }: { serviceId: string; side: Side }) {
  const { data: usage, error, refetch } = useQuery(usageQuery(side, serviceId));
  if (!usage) return <Section title="Hours">{error ? <ErrorState error={error} retry={() => void refetch()} /> : <SkeletonLines />}</Section>;
  const current = usage.months.find((month) => month.state === "open" || month.state === "held");
  return (
    <>
      <Section title="Hours this month">
        <div className="space-y-3">
          <Warning usage={usage} side={side} />
          {current ? <Current month={current} usage={usage} /> : <p className="text-ink-3">No hours are counted.</p>}
        </div>
      </Section>
      <Section title="Months">
        {usage.months.length === 0 ? <p className="text-ink-3">None yet.</p> : <ul className="-my-1.5">{usage.months.map((month) => <Month key={month.begins_at} month={month} side={side} />)}</ul>}
      </Section>
    </>
  );
}
