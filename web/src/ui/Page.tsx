import { Fragment, type ReactNode } from "react";
import { Link } from "wouter";
import { useTitle } from "../lib/title";
import { cx } from "../lib/cx";
import { Icon } from "./Icon";

export type Crumb = { label: string; href: string };

const none: Crumb[] = [];

/** A page's header: where it is, what it is, its one primary action; then its content. */
export function Page({ title, heading, crumbs = none, meta, action, narrow, sheet, children }: {
  title: string; heading?: ReactNode; crumbs?: Crumb[]; meta?: ReactNode; action?: ReactNode; narrow?: boolean;
  /** The content is a sheet with a head of its own: on paper it stands alone. */
  sheet?: boolean; children: ReactNode;
}) {
  useTitle(title);
  return (
    <div className="mx-auto w-full max-w-[1344px] px-4 pt-5 pb-12 md:px-8">
    <div className={cx(narrow && "max-w-[820px]")}>
      <header className={cx("mb-5 flex min-h-8 flex-wrap items-end justify-between gap-x-6 gap-y-3", sheet && "no-print")}>
        <div className="min-w-0">
          {crumbs.length > 0 ? (
            <nav aria-label="Breadcrumb" className="no-print mb-1 flex flex-wrap items-center gap-1 text-sm text-ink-3">
              <Icon name="chevronLeft" className="-ml-1 size-3.5" />
              {crumbs.map((crumb, at) => (
                <Fragment key={crumb.href}>
                  {at > 0 ? <span aria-hidden="true">/</span> : null}
                  <Link href={crumb.href} className="hover:text-ink hover:underline">{crumb.label}</Link>
                </Fragment>
              ))}
            </nav>
          ) : null}
          <h1 className="text-xl wrap-anywhere">{heading ?? title}</h1>
          {meta ? <div className="mt-1.5 flex flex-wrap items-center gap-x-4 gap-y-1 text-ink-2 *:min-w-0 *:wrap-anywhere">{meta}</div> : null}
        </div>
        {action ? <div className="no-print flex max-w-full shrink-0 flex-wrap items-center gap-2">{action}</div> : null}
      </header>
      {children}
    </div>
    </div>
  );
}
