import { useState } from "react";
import type { Image } from "../../api/types";
import { cx } from "../../lib/cx";
import { formatDate, formatMemory, today } from "../../lib/format";
import { Choice } from "../../ui/Choice";
import { Select } from "../../ui/controls";
import { ImageMark } from "./Marks";

function byFamily(images: Image[]): [string, Image[]][] {
  const families = new Map<string, Image[]>();
  for (const image of images) families.set(image.family, [...(families.get(image.family) ?? []), image]);
  return [...families];
}

/** What a plan must have for it; the panel states no minimum for some. */
function needs(image: Image): string {
  const parts = [image.min_memory_mib > 0 ? `${formatMemory(image.min_memory_mib)} memory` : "", image.min_disk_gib > 0 ? `${image.min_disk_gib} GiB disk` : ""].filter(Boolean);
  return parts.length > 0 ? `, needs ${parts.join(" and ")}` : "";
}

/** Families as cards; the version is chosen in the card that is open, the newest first. */
export function ImagePicker({ images, value, onChange, labelledBy }: { images: Image[]; value: string; onChange: (id: string) => void; labelledBy: string }) {
  const [remembered, setRemembered] = useState<Record<string, string>>({});
  const chosen = images.find((image) => image.id === value);
  const ended = chosen?.eol_on && chosen.eol_on < today();
  const choose = (family: string, id: string) => {
    setRemembered((before) => ({ ...before, [family]: id }));
    onChange(id);
  };
  return (
    <>
      <div role="radiogroup" aria-labelledby={labelledBy} className="grid gap-2 sm:grid-cols-2 xl:grid-cols-3">
        {byFamily(images).map(([family, versions]) => {
          const open = chosen?.family === family;
          const shown = (open ? chosen : versions.find((image) => image.id === remembered[family])) ?? versions[0];
          if (!shown) return null;
          return (
            <div key={family} className="relative min-w-0">
              <Choice name="image" value={shown.id} checked={open} onChange={(id) => choose(family, id)} className={cx("h-full items-center gap-3", versions.length > 1 && "pr-36")}>
                <ImageMark icon={shown.icon} />
                <span className="min-w-0"><span className="block truncate font-medium">{family}</span>{versions.length === 1 ? <span className="block truncate text-sm text-ink-3">{shown.version}</span> : null}</span>
              </Choice>
              {versions.length > 1 ? (
                <Select aria-label={`${family} version`} value={shown.id} onChange={(event) => choose(family, event.target.value)} className="absolute! top-1/2 right-3 w-30 -translate-y-1/2">
                  {versions.map((image) => <option key={image.id} value={image.id}>{image.version || image.name}</option>)}
                </Select>
              ) : null}
            </div>
          );
        })}
      </div>
      {chosen ? (
        <p className={ended ? "mt-2 text-sm text-warn" : "mt-2 text-sm text-ink-3"}>
          {chosen.name}: log in as <code>{chosen.default_user}</code>{needs(chosen)}.
          {chosen.eol_on ? ` ${ended ? "Security updates ended" : "Security updates until"} ${formatDate(chosen.eol_on)}.` : ""}
        </p>
      ) : null}
    </>
  );
}
