import { useState } from "react";
import { Link } from "wouter";
import { resendConfirmation } from "../../api/identity";
import { useUrl } from "../../lib/url";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { toastError } from "../../ui/Toast";
import { linkClass, Narrow } from "./Narrow";

export function CheckMailPage() {
  const [params] = useUrl();
  const email = params.get("email") ?? "";
  const [state, setState] = useState<"idle" | "sending" | "sent">("idle");
  const again = () => {
    setState("sending");
    resendConfirmation(email).then(() => setState("sent"), (error: unknown) => {
      setState("idle");
      toastError(error);
    });
  };
  return (
    <Narrow title="Check your mail" lead={<>
      {params.get("unverified") ? <p className="mb-2">This address is not confirmed yet.</p> : null}
      <p>We sent a message to <b className="break-all text-ink">{email || "your address"}</b>. Open the link in it to go on.</p>
    </>} below={<>Wrong address? <Link className={linkClass} href="/signup">Sign up again</Link></>}>
      {state === "sent" ? <Notice tone="good" role="status">Sent again. It may take a minute; look into the spam folder too.</Notice> : (
        <Button busy={state === "sending"} disabled={!email || state === "sending"} onClick={again}>Send it again</Button>
      )}
    </Narrow>
  );
}
