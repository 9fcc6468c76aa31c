import { useQuery } from "@tanstack/react-query";
import { creditsQuery, standingQuery } from "../../api/payments";
import { Facts, Section } from "../../ui/Card";
import { On } from "../../ui/DateTime";
import { Money } from "../../ui/Money";
import { SkeletonLines } from "../../ui/Skeleton";

/** What the account can spend: its own money and the credit it was given. */
export function Credits({ accountId }: { accountId: string }) {
  const standing = useQuery(standingQuery(accountId)).data;
  const credits = useQuery(creditsQuery(accountId)).data;
  if (!standing) return <Section title="Balance"><SkeletonLines lines={2} /></Section>;
  const good = credits?.items.filter((credit) => credit.good) ?? [];
  return (
    <Section title="Balance">
      <Facts items={[["Balance", <Money key="balance" value={standing.balance} />], ["Promotional credit", <Money key="credit" value={standing.promotional} />]]} />
      {good.length > 0 ? (
        <ul aria-label="Promotional credit" className="mt-3 divide-y divide-line border-t border-line">
          {good.map((credit) => (
            <li key={credit.id} className="flex items-baseline justify-between gap-3 py-2 text-sm">
              <span className="text-ink-2">{credit.reason}{credit.expires_on ? <>, good until <On on={credit.expires_on} /></> : null}</span><Money value={credit.left} />
            </li>
          ))}
        </ul>
      ) : null}
      <p className="mt-3 text-sm text-ink-3">Invoices take credit first, what ends soonest before the rest, then the balance, then the saved method.</p>
    </Section>
  );
}
