import { queryOptions } from "@tanstack/react-query";
import { hasStatus } from "../lib/errors";
import { get, send } from "./client";
import { queryClient } from "./query";
import type { List, Me, Registration, Session } from "./types";

/** Who is logged in; `null` for a visitor. */
export const meQuery = queryOptions({
  queryKey: ["me"], staleTime: 60_000,
  queryFn: async ({ signal }): Promise<Me | null> => {
    try {
      return await get<Me>("/me", undefined, signal);
    } catch (error) {
      if (hasStatus(error, 401)) return null;
      throw error;
    }
  },
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"], queryFn: ({ signal }) => get<List<Session>>("/sessions", undefined, signal),
});

export const register = (body: Registration) => send<{ email: string }>("post", "/registrations", body);
export const resendConfirmation = (email: string) => send<void>("post", "/registrations/resend", { email });
export const confirmRegistration = (token: string) => send<{ email: string }>("post", "/registrations/confirm", { token }, `confirm-${token}`);

export async function logIn(body: { email: string; password: string; remember: boolean }): Promise<Me> {
  const me = await send<Me>("post", "/sessions", body);
  queryClient.clear();
  queryClient.setQueryData(["me"], me);
  return me;
}

export async function logOut(): Promise<void> {
  await send<void>("delete", "/sessions/current");
  queryClient.clear();
  queryClient.setQueryData(["me"], null);
}

export const endSession = (id: string) => send<void>("delete", `/sessions/${id}`);
export const askPasswordReset = (email: string) => send<void>("post", "/password-resets", { email });
export const confirmPasswordReset = (token: string, password: string) =>
  send<void>("post", "/password-resets/confirm", { token, password });
export const changePassword = (body: { current_password: string; new_password: string }) => send<void>("put", "/me/password", body);
export const changeEmail = (body: { email: string; password: string }) => send<void>("post", "/me/email", body);
export const confirmEmail = (token: string) => send<{ email: string }>("post", "/me/email/confirm", { token }, `email-${token}`);
export const editMe = (body: Partial<Pick<Me, "name" | "language" | "time_zone">>) => send<Me>("patch", "/me", body);
