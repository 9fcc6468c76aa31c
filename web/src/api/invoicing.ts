import { queryOptions } from "@tanstack/react-query";
import type { AdminInvoice } from "./adminTypes";
import { get, send } from "./client";
import type { Invoice, Money, Statement, TopUpBounds } from "./types";

/** What staff do with invoices. */
type Credit = { reason: string; amount?: Money; lines?: { line_id: string; amount?: Money }[] };
export type DraftLine = { description: string; detail?: string | null; quantity: number; unit_price_minor: number; tax_rate?: string | null };
type Draft = { due_on: string; lines: DraftLine[] };

const act = <T = AdminInvoice>(id: string, verb: string, body?: object) => send<T>("post", `/admin/invoices/${id}/${verb}`, body);

export const voidInvoice = (id: string, reason: string) => act(id, "void", { reason });
export const writeOff = (id: string, reason: string) => act(id, "write-off", { reason });
export const creditInvoice = (id: string, body: Credit) => act(id, "credit", body);
export const refundToWallet = (id: string, body: { reason: string; amount?: Money }) => act(id, "refund-to-wallet", body);
export const issueDraft = (id: string, numbered: boolean) => act(id, "issue", { numbered });
export const discardDraft = (id: string) => act(id, "discard");
export const addDraft = (accountId: string, draft: Draft) => send<AdminInvoice>("post", "/admin/invoices", { account_id: accountId, ...draft });
export const editDraft = (id: string, draft: Draft) => send<AdminInvoice>("put", `/admin/invoices/${id}`, draft);

export const putLogo = (content: string) => send<void>("put", "/admin/invoice-logo", { content });
export const dropLogo = () => send<void>("delete", "/admin/invoice-logo");

/** Money for the wallet. */
export const topUpBoundsQuery = (accountId: string) =>
  queryOptions({ queryKey: ["top-ups", accountId], queryFn: ({ signal }) => get<TopUpBounds>("/top-ups/bounds", { account_id: accountId }, signal) });
export const topUp = (accountId: string, amount: Money) => send<Invoice>("post", "/top-ups", { account_id: accountId, amount });
export const cancelTopUp = (id: string) => send<Invoice>("post", `/top-ups/${id}/cancel`);

/** Statements of account; staff ask for anybody's under `admin`. */
export type Days = { first: string; last: string };
const rootOf = (staff: boolean) => (staff ? "/admin/statements" : "/statements");

export const statementQuery = (accountId: string, days: Days, staff = false) =>
  queryOptions({
    queryKey: [...(staff ? ["admin"] : []), "statements", accountId, days],
    queryFn: ({ signal }) => get<Statement>(rootOf(staff), { account_id: accountId, ...days }, signal),
  });
export const statementCsvPath = (accountId: string, days: Days, staff = false) => `/api/v1${rootOf(staff)}/csv?${new URLSearchParams({ account_id: accountId, ...days }).toString()}`;

type Asked = { id: string; ready: boolean };

/** Has the PDF written and answers its address when it is there. */
export async function statementPdf(accountId: string, days: Days, staff = false): Promise<string> {
  let asked = await send<Asked>("post", `${rootOf(staff)}/documents`, { account_id: accountId, ...days });
  for (let tries = 0; !asked.ready && tries < 40; tries += 1) {
    // oxlint-disable-next-line no-await-in-loop -- each look follows the last one
    await new Promise((done) => { window.setTimeout(done, 500); });
    // oxlint-disable-next-line no-await-in-loop -- each look follows the last one
    asked = await get<Asked>(`/statements/documents/${asked.id}`);
  }
  return `/api/v1/statements/documents/${asked.id}/pdf`;
}

export const exportPath = (accountId: string | null, format: "csv" | "json") =>
  accountId ? `/api/v1/invoices/export?account_id=${accountId}&format=${format}` : `/api/v1/admin/invoices/export?format=${format}`;
