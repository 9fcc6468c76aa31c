import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { staffLook, staffSightQuery } from "../../api/serverSight";
import { extraAddressesQuery } from "../../api/addresses";
import { AddressList } from "../../parts/servers/AddressList";
import { Button } from "../../ui/Button";
import { Facts, Section } from "../../ui/Card";
import { CopyText } from "../../ui/Copy";
import { Ago } from "../../ui/DateTime";
import { toastError } from "../../ui/Toast";

/** What the customer reads of network and storage, for staff; nothing is changed here. */
export function StaffSight({ serverId }: { serverId: string }) {
  const { data } = useQuery(staffSightQuery(serverId));
  const extras = useQuery(extraAddressesQuery(serverId, true)).data?.extras ?? [];
  if (!data) return null;
  const seen = data.trouble ?? (data.seen_at ? <>Seen at the panel <Ago at={data.seen_at} /></> : "Nobody has looked yet");
  return (
    <Section title="Network and storage" className="mt-5" aside={<span className="flex flex-wrap items-center gap-3 text-sm text-ink-3">{seen}<Button onClick={() => void staffLook(serverId).catch(toastError)}>Look now</Button></span>}>
      <Facts columns={2} items={[
        ...data.ipv4.map((each): [string, ReactNode] => [`IPv4 ${each.address}`, each.reverse_name ?? "no reverse name"]),
        ...data.ipv6.map((each): [string, ReactNode] => ["IPv6", <CopyText key={each.subnet} text={each.subnet} label="IPv6 subnet" />]),
        ...data.disks.map((each): [string, ReactNode] => [`Disk ${each.drive.toUpperCase()}`, `${each.capacity_gib} GiB${each.ready ? "" : ", waiting"}`]),
        ["Firewall", data.firewall ? `${data.firewall.enabled ? "on" : "off"}, ${data.firewall.rules.length} rules` : "not told"],
        ["Backup plan", data.backup_plan ?? "none"], ["Backups", data.backups ? String(data.backups.length) : "not told"],
      ]} />
      {extras.length > 0 ? <div className="mt-4 border-t border-line"><AddressList rows={extras} staff /></div> : null}
    </Section>
  );
}
