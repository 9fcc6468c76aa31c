/** Signing in with the panel's log-in; the way there and back is the browser's, not a request. */
import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type * as gen from "./gen/skypanel";
import { queryClient } from "./query";

export const signInOfferQuery = queryOptions({ queryKey: ["sign-in-offer"], queryFn: ({ signal }) => get<gen.SignInOffer>("/sso/panel", undefined, signal), staleTime: 300_000 });
export const identityLinksQuery = queryOptions({ queryKey: ["identity-links"], queryFn: ({ signal }) => get<gen.IdentityLinks>("/me/identity-links", undefined, signal) });
export const unlink = (id: string) => send<void>("delete", `/me/identity-links/${id}`).then(() => queryClient.invalidateQueries({ queryKey: ["identity-links"] }));

export const signInHref = (to: string) => `/api/v1/sso/panel/start?to=${encodeURIComponent(to)}`;
export const linkHref = "/api/v1/sso/panel/start?link=true&to=%2Faccount%2Fsecurity";

/** What came of it, by the word in the address. */
export const ssoWords: Record<string, string> = {
  sso_stale: "This sign-in was begun elsewhere or too long ago. Begin it again.",
  sso_not_genuine: "What came back is not the panel's word for you. Begin the sign-in again.",
  sso_not_linked: "That log-in of the panel is not linked to a login here yet. Log in, then link it under Account, Security.",
  sso_link_not_yours: "That user of the panel belongs to an account that is not yours to link: its owner or an admin can.",
  sso_link_taken: "That user of the panel is linked to another login already.",
  user_suspended: "Your login is suspended. Write to us.",
  email_unverified: "Confirm your e-mail address first: open the link we sent you.",
};
