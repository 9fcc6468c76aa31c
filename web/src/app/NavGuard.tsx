import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";
import { Router, type AroundNavHandler } from "wouter";
import { anyDirty, clearDirty } from "../lib/guard";

const Confirm = lazy(() => import("../ui/Confirm").then((module) => ({ default: module.Confirm })));

/** Asks before a link leads away from unsaved changes. */
export function NavGuard({ children }: { children: ReactNode }) {
  const [held, setHeld] = useState<{ go: () => void } | null>(null);
  const around: AroundNavHandler = useCallback((navigate, to, options) => {
    const leaves = typeof to !== "string" || new URL(to, location.href).pathname !== location.pathname;
    if (leaves && anyDirty()) setHeld({ go: () => navigate(to, options) });
    else navigate(to, options);
  }, []);
  return (
    <Router aroundNav={around}>
      {children}
      {held ? <Suspense fallback={null}><Confirm onClose={() => setHeld(null)} request={{
        title: "Leave without saving?", body: <p>What you changed on this page has not been saved and will be lost.</p>, verb: "Leave without saving", danger: true,
        run: () => {
          clearDirty();
          held.go();
          return Promise.resolve();
        },
      }} /></Suspense> : null}
    </Router>
  );
}
