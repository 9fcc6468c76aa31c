import { useQuery } from "@tanstack/react-query";
import { adminInvoiceQuery, adminOrderQuery, adminServerQuery, jobsQuery, provisionQuery } from "../../api/admin";
import type { Chain } from "./chain";

/** Gathers what belongs to one order from the domains that know it; a link that is not there yet stays empty. */
export function useChain(orderId: string): { chain: Chain | null; error: unknown; refetch: () => unknown } {
  const order = useQuery(adminOrderQuery(orderId));
  const paid = order.data ? order.data.state !== "awaiting_payment" : false;
  const invoice = useQuery({ ...adminInvoiceQuery(order.data?.invoice_id ?? ""), enabled: Boolean(order.data?.invoice_id) });
  const provision = useQuery({ ...provisionQuery(orderId), enabled: paid });
  const server = useQuery({ ...adminServerQuery(order.data?.server_id ?? ""), enabled: Boolean(order.data?.server_id) });
  const jobs = useQuery(jobsQuery({ subject: orderId }));
  const chain = order.data
    ? { order: order.data, invoice: invoice.data ?? null, payments: invoice.data?.payments ?? [], provision: provision.data ?? null, server: server.data ?? null, jobs: jobs.data?.items ?? [] }
    : null;
  return { chain, error: order.error, refetch: order.refetch };
}
