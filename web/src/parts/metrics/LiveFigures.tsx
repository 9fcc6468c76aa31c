import type { ReactNode } from "react";
import type { Metrics } from "../../api/metrics";
import { formatBytes } from "../../lib/bytes";
import { formatMemory, formatNumber } from "../../lib/format";
import { Ago } from "../../ui/DateTime";
import { Notice } from "../../ui/Notice";

function Figure({ name, value, note }: { name: string; value: ReactNode; note?: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-sm text-ink-3">{name}</dt>
      <dd className="num text-xl font-semibold">{value}</dd>
      {note ? <dd className="num truncate text-sm text-ink-3">{note}</dd> : null}
    </div>
  );
}

const percent = (value: number | null) => (value === null ? "–" : `${formatNumber(value, 1)} %`);
const rate = (value: number | null) => (value === null ? "–" : `${formatBytes(value)}/s`);

/** What the server does now, and how old that is. */
export function LiveFigures({ metrics }: { metrics: Metrics }) {
  const { now } = metrics;
  if (!now) return <Notice tone="neutral" role="status" title="Not sampled yet">The first figures come within a minute once the server is ready.</Notice>;
  const fullest = now.filesystems.toSorted((a, b) => b.used_bytes / b.total_bytes - a.used_bytes / a.total_bytes)[0];
  return (
    <div>
      {metrics.failing_since ? (
        <div className="mb-4"><Notice tone="warn" role="status" title="No new figures">The panel has not told this server's load since <Ago at={metrics.failing_since} happened />. We keep asking; the time without answers stays a gap.</Notice></div>
      ) : null}
      <dl className="grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-3 lg:grid-cols-5">
        <Figure name="Processor" value={now.running ? percent(now.cpu_percent) : "off"} note={now.running ? "of all its processors" : "the server does not run"} />
        <Figure name="Memory" value={now.running ? percent(now.memory_percent) : "off"} note={now.memory_total_mib ? `of ${formatMemory(now.memory_total_mib)}` : null} />
        <Figure name="Fullest file system" value={percent(now.filesystem_percent)} note={fullest ? `${fullest.mountpoint}, ${formatBytes(fullest.used_bytes)} of ${formatBytes(fullest.total_bytes)}` : "not told by the guest"} />
        <Figure name="Disk read" value={rate(now.read_bytes_per_second)} note="since the sample before" />
        <Figure name="Disk written" value={rate(now.written_bytes_per_second)} note="since the sample before" />
      </dl>
      <p className="mt-3 text-sm text-ink-3">Seen <Ago at={now.sampled_at} happened />. While you look, every 30 seconds; else every 5 minutes.{metrics.up_percent === null ? "" : ` It ran at ${formatNumber(metrics.up_percent, 2)} % of the looks in this range.`}</p>
    </div>
  );
}
