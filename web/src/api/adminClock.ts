/** The sandbox's clock; anywhere else these doors do not exist. */
import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type * as gen from "./gen/skypanel";
import { queryClient } from "./query";
import type { List } from "./types";

export type Clock = gen.ClockShown;
export type Turn = gen.TurnShown;
export type TurnWhole = gen.TurnWhole;
export type Followed = gen.Followed;

export const clockQuery = queryOptions({ queryKey: ["admin", "clock", "now"], queryFn: ({ signal }) => get<Clock>("/admin/clock", undefined, signal) });
export const turnsQuery = queryOptions({ queryKey: ["admin", "clock", "turns"], queryFn: ({ signal }) => get<List<Turn>>("/admin/clock/turns", undefined, signal) });
export const turnQuery = (id: string) => queryOptions({ queryKey: ["admin", "clock", "turn", id], queryFn: ({ signal }) => get<TurnWhole>(`/admin/clock/turns/${id}`, undefined, signal) });

/** Forward by days, or without them to what the billing run does next. */
export const turnClock = (days: number | null) => send<Turn>("post", "/admin/clock/turns", { days }).then(async (turn) => {
  await queryClient.invalidateQueries({ queryKey: ["admin", "clock"] });
  return turn;
});
