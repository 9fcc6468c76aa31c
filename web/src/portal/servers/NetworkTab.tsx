import { useState } from "react";
import type { Address, Sight } from "../../api/serverSight";
import type { Server } from "../../api/types";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { CopyText } from "../../ui/Copy";
import { Skeleton } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { ExtraAddresses } from "./ExtraAddresses";
import { FirewallSection } from "./FirewallSection";
import { OpenPanel } from "./OpenPanel";
import { ReverseNameDialog } from "./ReverseNameDialog";
import { SightNote } from "./SightNote";
import type { TabProps } from "./tabs";
import { useSight } from "./useSight";

function AddressRow({ address, ask }: { address: Address; ask: (() => void) | null }) {
  const more = [address.gateway ? `gateway ${address.gateway}` : "", address.netmask ? `netmask ${address.netmask}` : ""].filter(Boolean).join(", ");
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-6 gap-y-1 px-4 py-2.5">
      <span><CopyText text={address.address} label="IPv4 address" />{more ? <span className="block text-sm text-ink-3">{more}</span> : null}</span>
      <span className="flex min-w-0 flex-wrap items-center gap-3">
        {address.reverse_name ? <CopyText text={address.reverse_name} label="reverse name" /> : <span className="text-ink-3">no reverse name</span>}
        {ask ? <Button onClick={ask}>Set reverse name<span className="sr-only"> of {address.address}</span></Button> : null}
      </span>
    </li>
  );
}

function Addresses({ server, sight }: { server: Server; sight: Sight }) {
  const [naming, setNaming] = useState<Address | null>(null);
  const may = sight.can.includes("reverse_dns");
  return (
    <Section title="Addresses" flush>
      <ul aria-label="IPv4 addresses" className="divide-y divide-line">
        {sight.ipv4.map((each) => <AddressRow key={each.address} address={each} ask={may ? () => setNaming(each) : null} />)}
        {sight.ipv4.length === 0 ? <li className="px-4 py-2.5 text-ink-3">No IPv4 address.</li> : null}
      </ul>
      <ul aria-label="IPv6 subnets" className="divide-y divide-line border-t border-line">
        {sight.ipv6.map((each) => (
          <li key={each.subnet} className="px-4 py-2.5"><CopyText text={each.subnet} label="IPv6 subnet" />{each.gateway ? <span className="block text-sm text-ink-3">gateway {each.gateway}</span> : null}</li>
        ))}
        {sight.ipv6.length === 0 ? <li className="px-4 py-2.5 text-ink-3">No IPv6 subnet.</li> : null}
      </ul>
      <p className="border-t border-line px-4 py-2.5 text-sm text-ink-3">Reverse names of IPv6 are set in the panel.</p>
      {naming ? <ReverseNameDialog serverId={server.id} address={naming} hostname={server.hostname} onClose={() => setNaming(null)} /> : null}
    </Section>
  );
}

export function NetworkTab({ server }: TabProps) {
  const { data, error, refetch } = useSight(server.id);
  if (!data) return error ? <ErrorState error={error} retry={refetch} /> : <Skeleton className="h-60 w-full" />;
  return (
    <div className="max-w-[820px] space-y-5">
      <div className="flex flex-wrap items-center justify-between gap-3"><SightNote sight={data} /><OpenPanel server={server} /></div>
      <Addresses server={server} sight={data} />
      <ExtraAddresses server={server} />
      <FirewallSection server={server} sight={data} />
    </div>
  );
}
