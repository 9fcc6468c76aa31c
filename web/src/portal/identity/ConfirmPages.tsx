import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { confirmEmail, confirmRegistration } from "../../api/identity";
import { recall } from "../../lib/store";
import { useUrl } from "../../lib/url";
import { sayError } from "../../lib/errors";
import { LinkButton } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { SkeletonLines } from "../../ui/Skeleton";
import { linkClass, Narrow } from "./Narrow";

/** A token is spent by one question; asking as a query keeps React from spending it twice. */
function useToken(kind: string, ask: (token: string) => Promise<{ email: string }>) {
  const [params] = useUrl();
  const token = params.get("token") ?? "";
  return useQuery({ queryKey: ["token", kind, token], queryFn: () => ask(token), retry: false, staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false });
}

export function ConfirmPage() {
  const { data, error } = useToken("registration", confirmRegistration);
  const ordering = recall<object | null>("order-draft", null) !== null;
  const next = ordering ? `&next=${encodeURIComponent("/order?resume=1")}` : "";
  return (
    <Narrow title="Confirm your address">
      {error ? (
        <Notice tone="bad" role="alert" title="This link does not work">
          {sayError(error)} It may have been used already, or be too old. <Link className={linkClass} href="/login">Log in</Link> to get a new one.
        </Notice>
      ) : data ? (
        <div className="space-y-4">
          <Notice tone="good" role="status" title="Confirmed"><span className="break-all">{data.email}</span> is yours. {ordering ? "Your order is still as you left it." : ""}</Notice>
          <LinkButton look="primary" size="large" className="w-full" href={`/login?confirmed=1&email=${encodeURIComponent(data.email)}${next}`}>{ordering ? "Log in and finish the order" : "Log in"}</LinkButton>
        </div>
      ) : <SkeletonLines lines={3} />}
    </Narrow>
  );
}

export function ConfirmEmailPage() {
  const { data, error } = useToken("email", confirmEmail);
  return (
    <Narrow title="Confirm your new address">
      {error ? <Notice tone="bad" role="alert" title="This link does not work">{sayError(error)} Ask for the change again under Account, Security.</Notice>
        : data ? <div className="space-y-4"><Notice tone="good" role="status">You now log in as <b className="break-all">{data.email}</b>.</Notice><LinkButton href="/account/security">Go to your account</LinkButton></div>
        : <SkeletonLines lines={3} />}
    </Narrow>
  );
}
