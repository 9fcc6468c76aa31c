import type { Image, Location, Plan } from "../../api/types";
import { ImagePicker } from "../../parts/catalog/ImagePicker";
import { placeNote } from "../../parts/catalog/Marks";
import { planStock, stockLooks } from "../../parts/catalog/words";
import { StateBadge } from "../../ui/Badge";
import { Choice } from "../../ui/Choice";
import { Step } from "./Step";

export function LocationStep({ locations, plans, value, onChange, error }: {
  locations: Location[]; plans: Plan[]; value: string; onChange: (id: string) => void; error: string | undefined;
}) {
  return (
    <Step id="location" title="Location" error={error}>
      <div role="radiogroup" aria-labelledby="location-title" className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
        {locations.map((place) => {
          const full = place.status === "closed" || plans.every((plan) => planStock(plan, place.id) === "sold_out");
          return (
            <Choice key={place.id} name="location" value={place.id} checked={value === place.id} disabled={full} onChange={onChange}>
              <span className="flex min-w-0 flex-1 items-center justify-between gap-2">
                <span className="min-w-0"><span className="block truncate font-medium">{place.city || place.name}</span><span className="block truncate text-sm text-ink-3">{placeNote(place)}</span></span>
                {full ? <StateBadge look={{ ...stockLooks.sold_out, word: place.status === "closed" ? "Closed" : "Sold out" }} /> : null}
              </span>
            </Choice>
          );
        })}
      </div>
    </Step>
  );
}

export function ImageStep({ images, value, onChange, error }: { images: Image[]; value: string; onChange: (id: string) => void; error: string | undefined }) {
  return <Step id="image" title="System" error={error}><ImagePicker images={images} value={value} onChange={onChange} labelledBy="image-title" /></Step>;
}
