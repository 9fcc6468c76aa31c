import { lazy, type ReactNode, Suspense, useEffect, useState } from "react";
import type { Me } from "../../api/types";
import { useLiveState, useLiveStream } from "../../api/live";
import { useOnline } from "../../lib/media";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";
import { PageWait } from "./PageWait";
import { useProfileItems } from "./ProfileMenu";
import { BottomBar, Rail } from "./Rail";
import type { RailEntry } from "./rails";
import { SandboxLine } from "./SandboxLine";

const CommandPalette = lazy(() => import("./CommandPalette").then((module) => ({ default: module.CommandPalette })));

function usePaletteKey(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(false);
  // The shortcut works wherever focus is, so it is heard on the document.
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setOpen((now) => !now);
      }
    };
    document.addEventListener("keydown", hear);
    return () => document.removeEventListener("keydown", hear);
  }, []);
  return [open, setOpen];
}

function ConnectionBar() {
  const online = useOnline();
  const live = useLiveState();
  const text = !online ? "You are offline. What you see may be old; it will refresh by itself." : live === "lost" ? "Live updates are interrupted. Reconnecting…" : null;
  return <div role="status" className={text ? "no-print bg-warn-soft px-4 py-1.5 text-center text-sm text-warn" : "sr-only"}>{text}</div>;
}

type FrameProps = {
  me: Me; label: string; entries: RailEntry[]; inAdmin?: boolean;
  top: (slim: boolean) => ReactNode; bottom: (slim: boolean) => ReactNode; phoneTop: ReactNode; children: ReactNode;
};

/** What stands around every page of the portal and of the staff console. */
export function Frame({ me, label, entries, inAdmin = false, top, bottom, phoneTop, children }: FrameProps) {
  const [palette, setPalette] = usePaletteKey();
  const profile = useProfileItems(me, inAdmin);
  useLiveStream(true);
  const rest = entries.slice(3).map((entry) => ({ kind: "link", label: entry.label, icon: entry.icon, href: entry.href }) as const);
  return (
    <div className="flex min-h-dvh">
      <a href="#main" className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded focus:bg-surface focus:px-3 focus:py-2 focus:shadow-lift">Skip to content</a>
      <Rail label={label} entries={entries} top={top} bottom={bottom} onSearch={() => setPalette(true)} />
      <div className="flex min-w-0 flex-1 flex-col">
        {inAdmin ? <div aria-hidden="true" className="no-print h-[3px] shrink-0 bg-staff" /> : null}
        <div className="no-print flex h-12 items-center justify-between gap-2 border-b border-line bg-surface px-2 md:hidden">
          {phoneTop}
          <button type="button" aria-label="Search" onClick={() => setPalette(true)} className="grid size-10 place-items-center rounded text-ink-2"><Icon name="search" /></button>
        </div>
        <SandboxLine />
        <ConnectionBar />
        <main id="main" tabIndex={-1} className="flex-1 pb-16 outline-none md:pb-0">
          <Suspense fallback={<PageWait />}>{children}</Suspense>
        </main>
      </div>
      <BottomBar entries={entries} more={
        <Menu side="top" items={[...rest, { kind: "line", label: "profile" }, ...profile]} trigger={
          <button type="button" className="flex h-14 flex-col items-center justify-center gap-0.5 text-xs text-ink-2"><Icon name="menu" className="size-5" />More</button>
        } />
      } />
      {palette ? <Suspense fallback={null}><CommandPalette me={me} inAdmin={inAdmin} onClose={() => setPalette(false)} /></Suspense> : null}
    </div>
  );
}
