import { useQuery } from "@tanstack/react-query";
import { type ReactNode, Suspense } from "react";
import { Link } from "wouter";
import { brandQuery } from "../../api/catalog";
import { today } from "../../lib/format";
import { setTheme, useTheme } from "../../lib/theme";
import { useMe } from "../../parts/identity/session";
import { IconButton, LinkButton } from "../../ui/Button";
import { PageWait } from "../frame/PageWait";
import { SandboxLine } from "../frame/SandboxLine";

export function BrandMark() {
  const brand = useQuery(brandQuery).data;
  return (
    <Link href="/" className="inline-flex h-9 items-center gap-2 text-lg font-semibold">
      <span aria-hidden="true" className="grid size-6 place-items-center rounded bg-accent text-sm text-accent-ink">{brand?.name.slice(0, 1) ?? ""}</span>
      {brand?.name ?? ""}
    </Link>
  );
}

function ThemeButton() {
  const theme = useTheme();
  const dark = theme === "dark" || (theme === "system" && document.documentElement.dataset.theme === "dark");
  return <IconButton icon={dark ? "sun" : "moon"} label={dark ? "Use the light theme" : "Use the dark theme"} onClick={() => setTheme(dark ? "light" : "dark")} />;
}

function Header() {
  const me = useMe();
  return (
    <header className="no-print border-b border-line bg-surface">
      <div className="mx-auto flex h-14 max-w-[1344px] items-center gap-2 px-4 md:px-8">
        <BrandMark />
        <nav aria-label="Main" className="ml-auto flex items-center gap-1">
          <LinkButton href="/plans" look="quiet">Plans</LinkButton>
          {me ? <LinkButton href={me.accounts.length > 0 ? "/home" : "/admin"} look="quiet">Your servers</LinkButton> : <LinkButton href="/login" look="quiet">Log in</LinkButton>}
          <span className="max-sm:hidden"><ThemeButton /></span>
          <LinkButton href="/order" look="primary" className="ml-1"><span>Order<span className="max-sm:hidden"> a server</span></span></LinkButton>
        </nav>
      </div>
    </header>
  );
}

function Footer() {
  const brand = useQuery(brandQuery).data;
  const link = "inline-flex min-h-8 items-center hover:text-ink hover:underline";
  return (
    <footer className="no-print border-t border-line">
      <div className="mx-auto flex max-w-[1344px] flex-wrap items-center gap-x-6 gap-y-1 px-4 py-6 text-sm text-ink-3 md:px-8">
        <span className="mr-auto">{brand ? `© ${today().slice(0, 4)} ${brand.name}` : ""}</span>
        {brand?.status_url ? <a className={link} href={brand.status_url}>Status</a> : null}
        {brand?.terms_url ? <a className={link} href={brand.terms_url}>Terms</a> : null}
        {brand?.support_email ? <a className={link} href={`mailto:${brand.support_email}`}>{brand.support_email}</a> : null}
      </div>
    </footer>
  );
}

export function PublicLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <SandboxLine />
      <Header />
      <main id="main" className="flex-1"><Suspense fallback={<PageWait />}>{children}</Suspense></main>
      <Footer />
    </div>
  );
}
