import type { Server } from "../../api/types";
import { majorString } from "../../lib/format";
import { PlaceText } from "../catalog/Marks";
import { Badge, StateBadge } from "../../ui/Badge";
import { CopyText } from "../../ui/Copy";
import { On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import type { Column } from "../../ui/table/columns";
import { serverLook, serverName } from "./words";

export function serverColumns<T extends Server>(placeOnPhone = true): Column<T>[] {
  const none = <span className="text-ink-3">–</span>;
  return [
    { key: "name", title: "Name", cell: (row) => <span className="flex max-w-80 items-center gap-1.5"><span className="truncate">{serverName(row)}</span>{row.favourite ? <Badge tone="accent">favourite</Badge> : null}{row.tags.slice(0, 3).map((tag) => <Badge key={tag}>{tag}</Badge>)}</span>, sortBy: serverName, csv: serverName, phone: "first" },
    { key: "state", title: "State", cell: (row) => <StateBadge look={serverLook(row)} />, sortBy: (row) => serverLook(row).word, csv: (row) => serverLook(row).word, phone: "side" },
    { key: "ipv4", title: "IPv4", cell: (row) => (row.ipv4 ? <span className="relative z-10"><CopyText text={row.ipv4} label="IPv4 address" /></span> : none), csv: (row) => row.ipv4 ?? "", phone: "second" },
    { key: "ipv6", title: "IPv6", extra: true, cell: (row) => (row.ipv6 ? <span className="relative z-10"><CopyText text={row.ipv6} label="IPv6 address" /></span> : none), csv: (row) => row.ipv6 ?? "" },
    { key: "location", title: "Location", cell: (row) => <PlaceText place={row.location} />, sortBy: (row) => row.location.city, csv: (row) => row.location.city, ...(placeOnPhone ? { phone: "second" as const } : {}) },
    { key: "plan", title: "Plan", cell: (row) => row.plan.name, sortBy: (row) => row.plan.name, csv: (row) => row.plan.name },
    { key: "image", title: "System", extra: true, cell: (row) => row.image.name, csv: (row) => row.image.name },
    { key: "renews", title: "Renews", cell: (row) => (row.renews_on ? <On on={row.renews_on} /> : none), sortBy: (row) => row.renews_on ?? "", csv: (row) => row.renews_on ?? "" },
    { key: "price", title: "Price", align: "right", cell: (row) => <Money value={row.price} />, sortBy: (row) => row.price.minor, csv: (row) => `${majorString(row.price)} ${row.price.currency}` },
  ];
}
