import type { ReactNode } from "react";
import { useTitle } from "../../lib/title";
import { useOnline } from "../../lib/media";
import { Button, LinkButton } from "../../ui/Button";

function Fault({ code, title, children, actions }: { code: string; title: string; children: ReactNode; actions: ReactNode }) {
  useTitle(title);
  return (
    <div className="mx-auto max-w-[560px] px-4 py-20 md:px-8">
      <p className="num text-sm font-medium text-ink-3">{code}</p>
      <h1 className="mt-1 text-xl">{title}</h1>
      <div className="mt-2 text-ink-2">{children}</div>
      <div className="mt-5 flex flex-wrap gap-2">{actions}</div>
    </div>
  );
}

export function NotFoundPage() {
  return (
    <Fault code="404" title="There is nothing here" actions={<><LinkButton href="/" look="primary">Go to the start</LinkButton><Button onClick={() => history.back()}>Go back</Button></>}>
      The address may be mistyped, the thing may be gone, or it belongs to an account that you are not in.
    </Fault>
  );
}

export function ForbiddenPage() {
  return (
    <Fault code="403" title="Your role does not allow this" actions={<LinkButton href="/home" look="primary">Go home</LinkButton>}>
      An owner or admin of the account can change your role under Account, Team.
    </Fault>
  );
}

export function BrokenPage({ again }: { again: () => void }) {
  const online = useOnline();
  if (!online) {
    return (
      <Fault code="Offline" title="You are offline" actions={<Button look="primary" onClick={() => location.reload()}>Try again</Button>}>
        This page was not loaded before the connection went. Nothing you did is lost on our side.
      </Fault>
    );
  }
  return (
    <Fault code="500" title="This page broke" actions={<><Button look="primary" onClick={() => location.reload()}>Reload</Button><Button onClick={again}>Try once more</Button></>}>
      The fault is ours. What you did before is safe. If a new version has just been put up, reloading cures it.
    </Fault>
  );
}
