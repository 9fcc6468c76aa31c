import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Redirect, useLocation } from "wouter";
import { brandQuery } from "../../api/catalog";
import { meQuery } from "../../api/identity";
import { ErrorState } from "../../ui/States";
import { Frame } from "../frame/Frame";
import { PageWait } from "../frame/PageWait";
import { ProfileMenu } from "../frame/ProfileMenu";
import { adminRail } from "../frame/rails";
import { NotFoundPage } from "../pages/FaultPages";

function StaffMark({ slim }: { slim: boolean }) {
  const brand = useQuery(brandQuery).data;
  return (
    <div className="flex h-9 items-center gap-2 px-1.5">
      {slim ? null : <span className="min-w-0 truncate font-semibold">{brand?.name ?? ""}</span>}
      <span className="rounded bg-staff px-1.5 py-px text-xs font-semibold text-surface">{slim ? "S" : "Staff"}</span>
    </div>
  );
}

export function AdminLayout({ children }: { children: ReactNode }) {
  const { data: me, error, refetch } = useQuery(meQuery);
  const [path] = useLocation();
  if (me === undefined) return error ? <ErrorState error={error} retry={refetch} /> : <PageWait />;
  if (me === null) return <Redirect to={`/login?next=${encodeURIComponent(path)}`} replace />;
  if (me.staff === null) return <NotFoundPage />;
  return (
    <Frame me={me} inAdmin label="Staff console" entries={adminRail} phoneTop={<StaffMark slim={false} />}
      top={(slim) => <StaffMark slim={slim} />} bottom={(slim) => <ProfileMenu me={me} slim={slim} inAdmin />}>
      {children}
    </Frame>
  );
}
