import { queryOptions } from "@tanstack/react-query";
import type { BookEntry, OneBook, Transfer, TrialBalance } from "./adminTypes";
import { get, type Params, send } from "./client";
import type { List } from "./types";

export const trialBalanceQuery = queryOptions({
  queryKey: ["admin", "ledger", "trial-balance"], queryFn: ({ signal }) => get<TrialBalance>("/admin/ledger/trial-balance", undefined, signal),
});
export const booksOfQuery = (params: Params) =>
  queryOptions({ queryKey: ["admin", "ledger", "books", params], queryFn: ({ signal }) => get<List<OneBook>>("/admin/ledger/books", params, signal) });
export const bookQuery = (id: string) =>
  queryOptions({ queryKey: ["admin", "ledger", "book", id], queryFn: ({ signal }) => get<OneBook>(`/admin/ledger/books/${id}`, undefined, signal) });
export const entriesQuery = (id: string, params: Params) =>
  queryOptions({ queryKey: ["admin", "ledger", "entries", id, params], queryFn: ({ signal }) => get<List<BookEntry>>(`/admin/ledger/books/${id}/entries`, params, signal) });
export const transferQuery = (id: string) =>
  queryOptions({ queryKey: ["admin", "ledger", "transfer", id], queryFn: ({ signal }) => get<Transfer>(`/admin/ledger/transfers/${id}`, undefined, signal) });
export const askForProof = () => send<void>("post", "/admin/ledger/proofs");
