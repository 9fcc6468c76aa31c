import { useCallback } from "react";
import { useSearchParams } from "wouter";

type Change = Record<string, string | null>;

/** The page's choices as they stand in the address; an empty value leaves the address. */
export function useUrl(): [URLSearchParams, (change: Change, options?: { replace?: boolean }) => void] {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (next: Change, options?: { replace?: boolean }) => {
      setParams(
        (previous) => {
          const merged = new URLSearchParams(previous);
          for (const [name, value] of Object.entries(next)) {
            if (value) merged.set(name, value);
            else merged.delete(name);
          }
          return merged;
        },
        { replace: options?.replace ?? true },
      );
    },
    [setParams],
  );
  return [params, change];
}

/** Only a path of this site may be returned to; anything else could carry a visitor away. */
export function safeNext(next: string | null, fallback: string): string {
  return next && /^\/(?![/\\])/.test(next) ? next : fallback;
}
