import type { Location } from "../../api/types";
import { cx } from "../../lib/cx";
import { countryName } from "../../lib/format";

const hues: Record<string, string> = {
  debian: "#c2185b", ubuntu: "#c2410c", rocky: "#0b7752", almalinux: "#1d5fbf", alma: "#1d5fbf", fedora: "#3363a8", centos: "#7a3fa0",
  windows: "#0a74c4", arch: "#0f6f9c", alpine: "#1c5a86", opensuse: "#3f7510", freebsd: "#a3201d",
};

/** A family's mark: its first letters on its own colour, so that no vendor's logo has to be shipped. */
export function ImageMark({ icon, className = "size-8" }: { icon: string; className?: string }) {
  const key = icon.toLowerCase();
  const hue = Object.entries(hues).find(([name]) => key.startsWith(name))?.[1] ?? "#5a6475";
  return (
    <span aria-hidden="true" style={{ backgroundColor: hue }} className={cx("grid shrink-0 place-items-center rounded text-xs font-semibold text-[white]", className)}>
      {key.slice(0, 1).toUpperCase() + key.slice(1, 2)}
    </span>
  );
}

/** What a location's name and country add to its city. */
export function placeNote(place: Pick<Location, "name" | "city" | "country">): string {
  const country = countryName(place.country);
  return place.city && place.city !== place.name ? `${place.name}, ${country}` : country;
}

/** Where a location lies, its country in two letters and in full for readers. */
export function PlaceText({ place }: { place: Pick<Location, "name" | "city" | "country"> }) {
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap">
      <abbr title={countryName(place.country)} className="rounded bg-sunken px-1 text-xs font-medium text-ink-3 no-underline">{place.country}</abbr>
      {place.city || place.name}
    </span>
  );
}
