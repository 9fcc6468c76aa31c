import { useQuery } from "@tanstack/react-query";
import { signInHref, signInOfferQuery, ssoWords } from "../../api/sso";
import { buttonClass } from "../../ui/Button";
import { Notice } from "../../ui/Notice";

/** The other way in, where the host offers it, and why it did not work. */
export function PanelSignIn({ to, came }: { to: string; came: string | null }) {
  const { data: offer } = useQuery(signInOfferQuery);
  const failed = came ? ssoWords[came] : undefined;
  return (
    <>
      {failed ? <div className="mb-4"><Notice tone="bad" role="alert">{failed}</Notice></div> : null}
      {offer?.enabled ? <a className={buttonClass("plain", "large", "mb-5 w-full justify-center")} href={signInHref(to)}>Sign in with {offer.button}</a> : null}
    </>
  );
}
