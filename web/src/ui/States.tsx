import type { ReactNode } from "react";
import { hasStatus, isApiError, sayError } from "../lib/errors";
import { Button } from "./Button";
import { CopyText } from "./Copy";

/** Says what will stand here and offers the first step. */
export function EmptyState({ title, children, action }: { title: string; children?: ReactNode; action?: ReactNode }) {
  return (
    <div className="px-4 py-12 text-center">
      <p className="font-medium">{title}</p>
      {children ? <p className="mx-auto mt-1 max-w-[52ch] text-balance text-ink-3">{children}</p> : null}
      {action ? <div className="mt-4 flex justify-center gap-2">{action}</div> : null}
    </div>
  );
}

/** Says what failed, offers to try again, and gives the request id that support can look up. */
export function ErrorState({ error, retry, title }: { error: unknown; retry?: () => unknown; title?: string }) {
  const said = hasStatus(error, 404) ? "There is nothing here" : hasStatus(error, 403) ? "Your role does not allow this" : "This could not be loaded";
  const requestId = isApiError(error) ? error.requestId : null;
  return (
    <div role="alert" className="px-4 py-10 text-center">
      <p className="font-medium">{title ?? said}</p>
      <p className="mx-auto mt-1 max-w-[60ch] text-balance text-ink-2">{sayError(error)}</p>
      {requestId ? <p className="mt-2 text-sm text-ink-3">Request <CopyText text={requestId} label="request id" /></p> : null}
      {retry && !hasStatus(error, 403, 404) ? <Button className="mt-4" icon="refresh" onClick={() => void retry()}>Try again</Button> : null}
    </div>
  );
}
