import type { CapacityForecast, HypervisorGroup } from "../../api/adminPanel";
import { formatDisk, formatMemory, formatNumber } from "../../lib/format";
import type { Point } from "../../ui/chart/Plot";
import type { StateLook } from "../../ui/Badge";

const daysNeeded = 7;

/** What a forecast says, with what it does not know. */
export function forecastWords(one: CapacityForecast): string {
  if (one.state === "unlimited") return "The panel sets no limit";
  if (one.state === "full") return "Full";
  if (one.state === "thin") return `Too early to say: ${one.known_days} of ${daysNeeded} days are known`;
  if (one.state === "steady") return `Not growing over ${one.known_days} days`;
  const days = one.full_in_days ?? 0;
  return `Full in about ${formatNumber(days)} ${days === 1 ? "day" : "days"}${one.sure ? "" : ", a rough guess: the days jump about"}`;
}

export function forecastLook(one: CapacityForecast): StateLook {
  const word = forecastWords(one);
  if (one.state === "full") return { word, tone: "bad" };
  if (one.state !== "growing") return { word, tone: "neutral" };
  const days = one.full_in_days ?? 0;
  return { word, tone: days <= 14 ? "bad" : days <= 60 ? "warn" : "good" };
}

type Day = HypervisorGroup["days"][number];
type Series = { title: string; say: (value: number) => string; value: (day: Day) => number | null };

export function seriesOf(group: HypervisorGroup): Series[] {
  const stores = group.days.at(-1)?.stores ?? [];
  return [
    { title: "Memory given out", say: formatMemory, value: (day) => day.memory_mib_used },
    { title: "Cores given out", say: (cores) => formatNumber(cores), value: (day) => day.vcpu_used },
    ...stores.map((store): Series => ({ title: `${store.name} given out`, say: formatDisk, value: (day) => day.stores.find((each) => each.storage_type === store.storage_type)?.used ?? null })),
    { title: "IPv4 addresses left", say: (count) => formatNumber(count), value: (day) => day.ipv4_left },
  ];
}

/** The last thirty days, with a gap where nothing was read. */
export function pointsOf(group: HypervisorGroup, value: Series["value"]): Point[] {
  const last = group.days.at(-1);
  if (!last) return [];
  const known = new Map(group.days.map((day) => [day.on, day]));
  const end = Date.parse(`${last.on}T00:00:00Z`);
  return Array.from({ length: 30 }, (_, at) => {
    const on = new Date(end - (29 - at) * 86_400_000).toISOString().slice(0, 10);
    const day = known.get(on);
    return { on, value: day ? value(day) : null };
  });
}
