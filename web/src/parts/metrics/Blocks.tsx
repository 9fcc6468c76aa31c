import { useState } from "react";
import { Link } from "wouter";
import { type BlockPurchase, buyBlock, type Traffic, type TrafficPeriod } from "../../api/metrics";
import { queryClient } from "../../api/query";
import { formatDate, formatTraffic } from "../../lib/format";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Confirm, type ConfirmRequest } from "../../ui/Confirm";
import { Ago } from "../../ui/DateTime";
import { Money } from "../../ui/Money";

const looks: Record<BlockPurchase["state"], StateLook> = {
  paid: { word: "Being added", tone: "info", moving: true },
  adding: { word: "Being added", tone: "info", moving: true },
  done: { word: "Added", tone: "good" },
  refunded: { word: "Paid back", tone: "neutral" },
};

/** Extra traffic for the running period, paid from the balance. */
export function BuyBlock({ traffic }: { traffic: Traffic }) {
  const [asking, setAsking] = useState<ConfirmRequest | null>(null);
  const { offer } = traffic;
  if (!offer) return null;
  const may = traffic.can.includes("buy_block");
  const busy = traffic.purchases.some((each) => each.state === "paid" || each.state === "adding");
  const ask = () => setAsking({
    title: `Buy ${formatTraffic(offer.gb)} of traffic?`, verb: "Buy",
    body: <p><Money value={offer.total} /> with tax is taken from your balance now, and the traffic is added to this period. What is left of it ends on {formatDate(offer.ends_at)}. If the panel can't add it, the whole price goes back to your balance.</p>,
    run: async () => {
      await buyBlock(traffic.server_id, offer.total.minor);
      await queryClient.invalidateQueries({ queryKey: ["traffic"] });
      await queryClient.invalidateQueries({ queryKey: ["wallet"] });
    },
  });
  return (
    <>
      <Button icon="plus" disabled={!may} title={may ? undefined : busy ? "A block is being added" : "Your role may not buy"} onClick={ask}>Buy {formatTraffic(offer.gb)} for <Money value={offer.total} /></Button>
      <Confirm request={asking} onClose={() => setAsking(null)} />
    </>
  );
}

/** What was added to the running period, and purchases that are not old. */
export function BlockList({ traffic, period, staff }: { traffic: Traffic; period: TrafficPeriod; staff: boolean }) {
  const bought = traffic.purchases.filter((each) => each.number === period.number);
  if (period.blocks.length === 0 && bought.length === 0) return null;
  return (
    <div className="space-y-2 text-sm text-ink-2">
      {period.blocks.length > 0 ? <p>Extra traffic in this period: {period.blocks.map((block) => formatTraffic(block.gb)).join(", ")}. It ends with the period.</p> : null}
      <ul aria-label="Bought traffic" className="space-y-1 empty:hidden">
        {bought.map((each) => (
          <li key={each.id} className="flex flex-wrap items-center gap-x-4">
            <span>{formatTraffic(each.gb)}, bought <Ago at={each.created_at} happened /></span>
            <StateBadge look={looks[each.state]} />
            {each.error && each.state === "refunded" ? <span className="text-ink-3">{each.error}</span> : null}
            <Link className="text-accent-text underline underline-offset-2" href={`${staff ? "/admin" : ""}/invoices/${each.invoice_id}`}>Invoice</Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
