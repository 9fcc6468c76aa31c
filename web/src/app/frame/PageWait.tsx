import { Skeleton } from "../../ui/Skeleton";

/** Stands in for a page whose code is still on its way. */
export function PageWait() {
  return (
    <div role="status" aria-label="Loading" className="mx-auto w-full max-w-[1344px] space-y-5 px-4 pt-5 md:px-8">
      <Skeleton className="h-6 w-48" /><Skeleton className="h-40 w-full" />
    </div>
  );
}
