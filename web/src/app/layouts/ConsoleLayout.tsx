import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Redirect, useLocation } from "wouter";
import { meQuery } from "../../api/identity";
import { useLiveStream } from "../../api/live";
import { ErrorState } from "../../ui/States";
import { PageWait } from "../frame/PageWait";
import { NotFoundPage } from "../pages/FaultPages";

/** Nothing around the page: a console has the window to itself. */
export function ConsoleLayout({ children }: { children: ReactNode }) {
  const { data: me, error, refetch } = useQuery(meQuery);
  const [path] = useLocation();
  useLiveStream(Boolean(me));
  if (me === undefined) return error ? <ErrorState error={error} retry={refetch} /> : <PageWait />;
  if (me === null) return <Redirect to={`/login?next=${encodeURIComponent(path)}`} replace />;
  if (path.startsWith("/admin/") && me.staff === null) return <NotFoundPage />;
  return <main id="main" tabIndex={-1} className="min-h-dvh outline-none">{children}</main>;
}
