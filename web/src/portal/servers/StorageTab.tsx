import { useState } from "react";
import { type Backup, type Sight, startBackup } from "../../api/serverSight";
import type { Server } from "../../api/types";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button, LinkButton } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Ago, At } from "../../ui/DateTime";
import { Skeleton } from "../../ui/Skeleton";
import { EmptyState, ErrorState } from "../../ui/States";
import { OpenPanel } from "./OpenPanel";
import { SightNote } from "./SightNote";
import type { TabProps } from "./tabs";
import { useSight } from "./useSight";

const looks: Record<Backup["state"], StateLook> = {
  running: { word: "Being written", tone: "info", moving: true }, complete: { word: "Complete", tone: "good" },
  restoring: { word: "Being restored", tone: "info", moving: true }, deleting: { word: "Being deleted", tone: "warn", moving: true },
};

function Backups({ server, sight }: { server: Server; sight: Sight }) {
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const ask = () => setAsking({
    title: "Back the server up now?", verb: "Back up", run: () => startBackup(server.id),
    body: <p>The panel copies its disk while it runs. What programs have not yet written may be missing from the copy; stop databases first, or shut the server down.</p>,
  });
  const rows = sight.backups ?? [];
  return (
    <Section title="Backups" flush aside={sight.can.includes("backup") ? <Button icon="plus" onClick={ask}>Back up now</Button> : null}>
      <div className="border-b border-line px-4 py-1.5"><Facts items={[["Plan", sight.backup_plan ?? "none: nothing is copied by itself"]]} /></div>
      {sight.backups === null ? <p className="px-4 py-3 text-ink-3">The panel has not told of any copies{sight.seen_at ? "" : " yet"}.</p> : rows.length > 0 ? (
        <ul aria-label="Backups" className="divide-y divide-line">
          {rows.map((each) => (
            <li key={each.id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-2.5">
              <span>{each.created_at ? <Ago at={each.created_at} /> : `Backup ${each.id}`}<span className="block text-sm text-ink-3">{each.kept_until_at ? <>kept until <At at={each.kept_until_at} /></> : "kept until it is deleted"}</span></span>
              <StateBadge look={looks[each.state]} />
            </li>
          ))}
        </ul>
      ) : <EmptyState title="No copies yet">Each copy with its age will stand here.</EmptyState>}
      <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-2.5 text-sm text-ink-3">
        <span className="max-w-[60ch]">Restoring and deleting copies is done in the panel: it offers no way for us to do it for you.</span><OpenPanel server={server} />
      </div>
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Section>
  );
}

function Disks({ server, sight }: { server: Server; sight: Sight }) {
  return (
    <Section title="Disks" flush>
      <ul aria-label="Disks" className="divide-y divide-line">
        {(sight.disks.length > 0 ? sight.disks : [{ drive: "a", capacity_gib: server.plan.disk_gib, primary: true, ready: true }]).map((each) => (
          <li key={each.drive} className="flex items-center justify-between gap-4 px-4 py-2.5">
            <span>Disk {each.drive.toUpperCase()}{each.primary ? <span className="text-ink-3"> with the system</span> : null}</span>
            <span className="num">{each.capacity_gib} GiB{each.ready ? "" : ", waits for the next restart"}</span>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center justify-between gap-3 border-t border-line px-4 py-2.5 text-sm text-ink-3">
        <span className="max-w-[60ch]">A larger disk comes with a larger plan; its price is shown before you pay. A disk never shrinks again, and its file system is grown inside the server.</span>
        <LinkButton href={`/services/${server.service_id}/plan`}>Change plan</LinkButton>
      </div>
    </Section>
  );
}

export function StorageTab({ server }: TabProps) {
  const { data, error, refetch } = useSight(server.id);
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-60 w-full" />;
  return (
    <div className="max-w-[820px] space-y-5">
      <SightNote sight={data} />
      <Disks server={server} sight={data} />
      <Backups server={server} sight={data} />
    </div>
  );
}
