import { cx } from "../lib/cx";

/** Stands where content will stand, at its size; shown only when the wait is felt (after 200 ms). */
export function Skeleton({ className = "h-4 w-24" }: { className?: string }) {
  return <span aria-hidden="true" className={cx("block rounded bg-hover animate-shimmer", className)} />;
}

const widths = ["w-4/5", "w-3/5", "w-2/3", "w-1/2", "w-3/4", "w-2/5"];

export function SkeletonLines({ lines = 4 }: { lines?: number }) {
  return (
    <div role="status" aria-label="Loading" className="space-y-3">
      {widths.slice(0, lines).map((width) => <Skeleton key={width} className={`h-4 ${width}`} />)}
    </div>
  );
}
