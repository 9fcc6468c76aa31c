/** Extra IPv4 addresses of a server: bought, given, given back. */
import { queryOptions } from "@tanstack/react-query";
import { get, send } from "./client";
import type * as gen from "./gen/skypanel";
import { queryClient } from "./query";

export type ExtraAddresses = gen.ExtraAddresses;
export type ExtraAddress = gen.ExtraAddress;
export type AddressOffer = gen.AddressOffer;

export const extraAddressesQuery = (serverId: string, staff: boolean) =>
  queryOptions({
    queryKey: staff ? ["admin", "servers", "addresses", serverId] : ["servers", "addresses", serverId],
    queryFn: ({ signal }) => get<ExtraAddresses>(`${staff ? "/admin" : ""}/servers/${serverId}/extra-addresses`, undefined, signal),
  });

async function shown(answer: Promise<ExtraAddresses>): Promise<ExtraAddresses> {
  const found = await answer;
  queryClient.setQueryData(["servers", "addresses", found.server_id], found);
  await Promise.all(["servers", "services", "invoices", "wallet"].map((root) => queryClient.invalidateQueries({ queryKey: [root] })));
  return found;
}

export const buyAddress = (serverId: string, body: gen.AddressWish) => shown(send<ExtraAddresses>("post", `/servers/${serverId}/extra-addresses`, body));
export const returnAddress = (serverId: string, address: string) => shown(send<ExtraAddresses>("post", `/servers/${serverId}/extra-addresses/return`, { address }));
export const cancelAddress = (id: string) => shown(send<ExtraAddresses>("post", `/extra-addresses/${id}/cancel`));
export const keepAddress = (id: string) => shown(send<ExtraAddresses>("post", `/extra-addresses/${id}/keep`));
