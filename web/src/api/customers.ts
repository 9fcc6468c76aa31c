import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type { Invitation, List, Member, Profile, ProfileEdit, Role } from "./types";

export const profileQuery = (accountId: string) =>
  queryOptions({ queryKey: ["accounts", accountId], queryFn: ({ signal }) => get<Profile>(`/accounts/${accountId}`, undefined, signal) });

export const membersQuery = (accountId: string) =>
  queryOptions({
    queryKey: ["accounts", accountId, "members"],
    queryFn: ({ signal }) => get<List<Member>>(`/accounts/${accountId}/members`, { limit: 100 }, signal),
  });

export const invitationsQuery = (accountId: string) =>
  queryOptions({
    queryKey: ["accounts", accountId, "invitations"],
    queryFn: ({ signal }) => get<List<Invitation>>(`/accounts/${accountId}/invitations`, { limit: 100 }, signal),
  });

export const editProfile = (accountId: string, body: ProfileEdit) => send<Profile>("patch", `/accounts/${accountId}`, body);
export const invite = (accountId: string, body: { email: string; role: Role }) =>
  send<Invitation>("post", `/accounts/${accountId}/invitations`, body);
export const withdrawInvitation = (accountId: string, id: string) => send<void>("delete", `/accounts/${accountId}/invitations/${id}`);
export const acceptInvitation = (token: string) => send<{ account_id: string }>("post", "/invitations/accept", { token }, `invite-${token}`);
export const changeRole = (accountId: string, userId: string, role: Role) =>
  send<Member>("patch", `/accounts/${accountId}/members/${userId}`, { role });
export const removeMember = (accountId: string, userId: string) => send<void>("delete", `/accounts/${accountId}/members/${userId}`);
