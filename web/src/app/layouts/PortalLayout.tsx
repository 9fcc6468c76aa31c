import "../../lib/mask";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Redirect, useLocation, useSearch } from "wouter";
import { brandQuery } from "../../api/catalog";
import { meQuery } from "../../api/identity";
import { cx } from "../../lib/cx";
import { ViewerProvider } from "../../parts/identity/session";
import { Icon } from "../../ui/Icon";
import { ErrorState } from "../../ui/States";
import { AccountSwitcher } from "../frame/AccountSwitcher";
import { Frame } from "../frame/Frame";
import { PageWait } from "../frame/PageWait";
import { ProfileMenu } from "../frame/ProfileMenu";
import { portalRail } from "../frame/rails";

function HelpLink({ slim }: { slim: boolean }) {
  const brand = useQuery(brandQuery).data;
  if (!brand?.support_email) return null;
  return (
    <a href={`mailto:${brand.support_email}`} aria-label="Help by e-mail" title={brand.support_email} className={cx("flex h-8 items-center gap-2.5 rounded px-2 text-ink-2 hover:bg-hover hover:text-ink", slim && "justify-center")}>
      <Icon name="help" />{slim ? null : "Help"}
    </a>
  );
}

export function PortalLayout({ children }: { children: ReactNode }) {
  const { data: me, error, refetch } = useQuery(meQuery);
  const [path] = useLocation();
  const search = useSearch();
  if (me === undefined) return error ? <ErrorState error={error} retry={refetch} /> : <PageWait />;
  if (me === null) return <Redirect to={`/login?next=${encodeURIComponent(search ? `${path}?${search}` : path)}`} replace />;
  if (me.accounts.length === 0) return me.staff ? <Redirect to="/admin" replace /> : <ErrorState error={null} title="This user belongs to no account" />;
  return (
    <ViewerProvider me={me}>
      <Frame me={me} label="Portal" entries={portalRail} phoneTop={<div className="w-56"><AccountSwitcher slim={false} /></div>}
        top={(slim) => <AccountSwitcher slim={slim} />}
        bottom={(slim) => <><HelpLink slim={slim} /><ProfileMenu me={me} slim={slim} inAdmin={false} /></>}>
        {children}
      </Frame>
    </ViewerProvider>
  );
}
