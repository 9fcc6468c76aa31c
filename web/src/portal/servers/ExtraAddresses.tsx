import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { type AddressOffer, buyAddress, cancelAddress, type ExtraAddress, type ExtraAddresses as Extras, extraAddressesQuery, keepAddress, returnAddress } from "../../api/addresses";
import type { Server } from "../../api/types";
import { AddressList } from "../../parts/servers/AddressList";
import { cycleWords } from "../../parts/catalog/words";
import { serverName } from "../../parts/servers/words";
import { Button } from "../../ui/Button";
import { Section } from "../../ui/Card";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { CopyText } from "../../ui/Copy";
import { Money } from "../../ui/Money";
import { SkeletonLines } from "../../ui/Skeleton";
import { ErrorState } from "../../ui/States";
import { toastError } from "../../ui/Toast";

const days = (offer: AddressOffer) => `${offer.days_left} of ${offer.days_whole} days of this period${offer.periods_ahead > 0 ? ` and ${offer.periods_ahead} that ${offer.periods_ahead === 1 ? "is" : "are"} paid already` : ""}`;

function buying(server: Server, offer: AddressOffer, toPay: (invoiceId: string) => void): ConfirmRequest {
  return {
    title: `Buy an address for ${serverName(server)}?`, verb: "Buy",
    body: (
      <>
        <p>{offer.name}: <Money value={offer.total} /> with tax now, for {days(offer)}; then <Money value={offer.price} /> {cycleWords[server.cycle].per} by the list, with the server's invoice.</p>
        <p>It is taken from your balance where that is enough; otherwise you pay its invoice. Then the panel gives one within a minute. If it can't, the whole price goes back to your balance.</p>
      </>
    ),
    run: async () => {
      const bought = (await buyAddress(server.id, { addon_id: offer.addon_id, quoted_minor: offer.total.minor, use_wallet: true })).extras[0];
      if (bought?.state === "awaiting_payment" && bought.invoice_id) toPay(bought.invoice_id);
    },
  };
}

const returning = (server: Server, address: string): ConfirmRequest => ({
  title: `Give ${address} back?`, verb: "Give it back", danger: true, run: () => returnAddress(server.id, address),
  body: <p>The server keeps it until what is paid of it is over, and it is billed no more. Until then you can keep it after all; later somebody else may get it. Nothing is given back for the rest of the period.</p>,
});

function RowActions({ row, server, mayReturn, ask }: { row: ExtraAddress; server: Server; mayReturn: boolean; ask: (request: ConfirmRequest) => void }) {
  const drop = () => ask({ title: "Not buy this address?", verb: "Don't buy it", body: <p>Its invoice is void, and nothing is to be paid.</p>, run: () => cancelAddress(row.id) });
  if (row.can.includes("keep")) return <Button onClick={() => void keepAddress(row.id).catch(toastError)}>Keep it after all</Button>;
  const { address } = row;
  if (address && row.state === "active" && mayReturn) return <Button onClick={() => ask(returning(server, address))}>Give back<span className="sr-only"> {address}</span></Button>;
  return row.can.includes("cancel") ? <Button onClick={drop}>Don't buy it</Button> : null;
}

function Offers({ extras, server, ask }: { extras: Extras; server: Server; ask: (request: ConfirmRequest) => void }) {
  const [, go] = useLocation();
  const may = extras.can.includes("buy");
  if (extras.refusal) return <p className="px-4 py-2.5 text-sm text-ink-3">{extras.refusal.message}</p>;
  return (
    <ul aria-label="Addresses to buy" className="divide-y divide-line">
      {extras.offers.map((offer) => (
        <li key={offer.addon_id} className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 px-4 py-2.5">
          <span className="min-w-0">{offer.name}<span className="block text-sm text-ink-3">{offer.refusal?.message ?? <><Money value={offer.price} /> {cycleWords[server.cycle].per} by the list; now, with tax, for {days(offer)}</>}</span></span>
          <Button icon="plus" disabled={!may || offer.refusal !== null} title={may ? offer.refusal?.message : "Your role may not buy"} onClick={() => ask(buying(server, offer, (id) => go(`/invoices/${id}`)))}>Buy for <Money value={offer.total} /></Button>
        </li>
      ))}
    </ul>
  );
}

/** Addresses beside those of the order: what one costs now, those that were bought, and giving back. */
export function ExtraAddresses({ server }: { server: Server }) {
  const { data, error, refetch } = useQuery(extraAddressesQuery(server.id, false));
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const ofOrder = data?.returnable.filter((address) => !data.extras.some((row) => row.address === address && row.state === "active")) ?? [];
  return (
    <Section title="Extra IPv4 addresses" flush>
      {data ? (
        <div className="divide-y divide-line">
          <AddressList rows={data.extras} staff={false} actions={(row) => <RowActions row={row} server={server} mayReturn={row.address !== null && data.returnable.includes(row.address)} ask={setAsking} />} />
          {ofOrder.length > 0 ? (
            <ul aria-label="Addresses of the order" className="divide-y divide-line">
              {ofOrder.map((address) => <li key={address} className="flex flex-wrap items-center justify-between gap-3 px-4 py-2.5"><span><CopyText text={address} label="IPv4 address" /><span className="block text-sm text-ink-3">came with the order</span></span><Button onClick={() => setAsking(returning(server, address))}>Give back<span className="sr-only"> {address}</span></Button></li>)}
            </ul>
          ) : null}
          <Offers extras={data} server={server} ask={setAsking} />
        </div>
      ) : error ? <ErrorState error={error} retry={refetch} /> : <div className="p-4"><SkeletonLines lines={2} /></div>}
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </Section>
  );
}
