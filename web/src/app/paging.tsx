import { type ComponentType, lazy, useEffect, useState } from "react";
import { Route, Switch, useLocation } from "wouter";
import { Boundary } from "./Boundary";
import { NotFoundPage } from "./pages/FaultPages";

export type Page = ComponentType & { fetch: () => Promise<unknown> };

/** A page that is fetched when its path is first opened, or before; what is there already is drawn at once. */
export function page<Name extends string>(load: () => Promise<Record<Name, ComponentType>>, name: Name): Page {
  let known: ComponentType | undefined;
  const fetch = (): Promise<{ default: ComponentType }> => load().then((module) => ({ default: (known = module[name]) }));
  const Waiting = lazy(fetch);
  function Shown() {
    const [{ Drawn }] = useState(() => ({ Drawn: known ?? Waiting }));
    return <Drawn />;
  }
  return Object.assign(Shown, { fetch });
}

/** Fetches the other pages around the open one while nothing else happens, so that a link opens at once. */
function useOthersFetched(pages: [string, Page][]) {
  // Idle time belongs to the browser.
  useEffect(() => {
    const fetchAll = () => void Promise.allSettled(pages.map(([, each]) => each.fetch()));
    if (!("requestIdleCallback" in window)) return;
    const asked = requestIdleCallback(fetchAll, { timeout: 5000 });
    return () => cancelIdleCallback(asked);
  }, [pages]);
}

/** One broken page is forgotten when another is opened. */
export function Pages({ pages }: { pages: [string, Page][] }) {
  const [path] = useLocation();
  useOthersFetched(pages);
  return (
    <Boundary key={path}>
      <Switch>
        {pages.map(([at, Shown]) => <Route key={at} path={at}><Shown /></Route>)}
        <Route><NotFoundPage /></Route>
      </Switch>
    </Boundary>
  );
}
