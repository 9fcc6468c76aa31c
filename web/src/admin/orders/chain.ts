import type { AdminInvoice, AdminOrder, AdminServer, Job, Provision } from "../../api/adminTypes";
import type { Payment } from "../../api/types";
import { formatMoney } from "../../lib/format";
import { gatewayWords, invoiceLook, paymentLooks } from "../../parts/billing/words";
import { orderLooks } from "../../parts/orders/words";
import { serverLook, serverName } from "../../parts/servers/words";

/** What belongs to one order, as far as it exists yet. */
export type Chain = { order: AdminOrder; invoice: AdminInvoice | null; payments: Payment[]; provision: Provision | null; server: AdminServer | null; jobs: Job[] };
export type Link = { key: string; title: string; name: string; word: string; state: "done" | "current" | "waiting" | "failed"; href: string | null; error: string | null };

const badPayments = ["declined", "failed", "expired", "cancelled"];

function paymentLink(chain: Chain): Link {
  const settled = chain.payments.find((payment) => payment.state === "settled");
  const payment = settled ?? chain.payments.at(-1);
  if (!payment) return { key: "payment", title: "Payment", name: "none yet", word: "Waiting", state: "waiting", href: null, error: null };
  const bad = badPayments.includes(payment.state);
  return {
    key: "payment", title: "Payment", name: `${gatewayWords[payment.gateway]} ${formatMoney(payment.amount)}`, word: paymentLooks[payment.state].word,
    state: settled ? "done" : bad ? "failed" : "current", href: `/admin/payments/${payment.id}`, error: bad ? payment.message : null,
  };
}

function provisionLink(chain: Chain): Link {
  const { provision, order } = chain;
  if (!provision) return { key: "provision", title: "Provisioning", name: "not begun", word: "Waiting", state: "waiting", href: null, error: null };
  const failed = provision.state === "failed" || provision.state === "cleared" || order.state === "failed";
  const done = provision.state === "done";
  return {
    key: "provision", title: "Provisioning", name: `${provision.builds} ${provision.builds === 1 ? "build" : "builds"}`, word: provision.state.replaceAll("_", " "),
    state: done ? "done" : failed ? "failed" : "current", href: null, error: provision.error ?? order.failure,
  };
}

/** Order, invoice, payment, provisioning, server: each link with its state, so that the broken one is seen at once. */
export function chainLinks(chain: Chain): Link[] {
  const { order, invoice, server } = chain;
  const ended = order.state === "cancelled" || order.state === "expired" || order.state === "refunded";
  return [
    { key: "order", title: "Order", name: order.number, word: ended ? orderLooks[order.state].word : order.kind === "adopted" ? "Adopted" : "Placed", state: ended ? "failed" : "done", href: null, error: null },
    invoice
      ? { key: "invoice", title: "Invoice", name: invoice.number, word: invoiceLook(invoice).word, state: invoice.state === "paid" ? "done" : invoice.state === "open" ? "current" : "failed", href: `/admin/invoices/${invoice.id}`, error: null }
      : { key: "invoice", title: "Invoice", name: "none", word: order.kind === "adopted" ? "Not needed" : "Missing", state: "waiting", href: null, error: null },
    paymentLink(chain),
    provisionLink(chain),
    server
      ? { key: "server", title: "Server", name: serverName(server), word: serverLook(server).word, state: server.state === "ready" ? "done" : server.state === "failed" ? "failed" : "current", href: `/admin/servers/${server.id}`, error: null }
      : { key: "server", title: "Server", name: "none yet", word: "Waiting", state: "waiting", href: null, error: null },
  ];
}

/** The job whose retry would mend the chain: the last one that died. */
export function deadJob(jobs: Job[]): Job | undefined {
  return jobs.filter((job) => job.can.includes("retry")).toSorted((a, b) => b.id - a.id)[0];
}
