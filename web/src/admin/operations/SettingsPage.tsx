import { useQuery } from "@tanstack/react-query";
import { settingsQuery } from "../../api/admin";
import { cx } from "../../lib/cx";
import { useUrl } from "../../lib/url";
import { LinkButton } from "../../ui/Button";
import { Page } from "../../ui/Page";
import { Section } from "../../ui/Card";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { LogoCard } from "../billing/LogoCard";
import { SettingsForm } from "./SettingsForm";
import { SystemTabs } from "./SystemTabs";

export function SettingsPage() {
  const [params, change] = useUrl();
  const { data, error, refetch } = useQuery(settingsQuery);
  const sections = data?.items ?? [];
  const open = sections.find((section) => section.section === params.get("section")) ?? sections[0];
  return (
    <Page title="Settings">
      <SystemTabs current="/admin/settings" />
      {open ? (
        <div className="grid items-start gap-6 md:grid-cols-[200px_minmax(0,640px)]">
          <nav aria-label="Sections" className="relative flex gap-1 overflow-x-auto md:flex-col">
            {sections.map((section) => {
              const missing = section.fields.some((field) => field.secret && !field.set);
              return (
                <button key={section.section} type="button" aria-current={section === open ? "true" : undefined} onClick={() => change({ section: section.section }, { replace: false })}
                  className={cx("flex h-8 shrink-0 items-center justify-between gap-2 rounded px-2.5 text-left pointer-coarse:h-10", section === open ? "bg-hover font-medium" : "text-ink-2 hover:bg-hover")}>
                  {section.title}{missing ? <span className="size-1.5 rounded-full bg-warn-dot"><span className="sr-only">a secret is not set</span></span> : null}
                </button>
              );
            })}
          </nav>
          <div className="space-y-5"><Section title={open.title} aside={open.section === "virtfusion" ? <LinkButton href="/admin/settings/panel">Set up with the assistant</LinkButton> : null}><SettingsForm key={open.section} section={open} /></Section>{open.section === "seller" ? <LogoCard /> : null}</div>
        </div>
      ) : error ? <ErrorState error={error} retry={refetch} /> : <SkeletonLines lines={6} />}
    </Page>
  );
}
