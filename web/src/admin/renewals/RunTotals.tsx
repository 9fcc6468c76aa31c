import type { RunPreview, Sum } from "../../api/adminRenewals";
import { cx } from "../../lib/cx";
import { formatMoney } from "../../lib/format";
import { Section } from "../../ui/Card";
import { sumWords } from "./words";

type Pair = { key: string; ahead: Sum; before: Sum };

const keyOf = (sum: Sum) => `${sum.step}-${sum.outcome}-${sum.amount.currency}`;
const nothing = (sum: Sum): Sum => ({ ...sum, count: 0, amount: { ...sum.amount, minor: 0 } });

/** Each kind of act in the coming span beside the same kind in the one before. */
function paired({ totals, before }: RunPreview): Pair[] {
  const past = new Map(before.map((sum) => [keyOf(sum), sum]));
  const ahead = totals.map((sum) => ({ key: keyOf(sum), ahead: sum, before: past.get(keyOf(sum)) ?? nothing(sum) }));
  const known = new Set(ahead.map((pair) => pair.key));
  return [...ahead, ...before.filter((sum) => !known.has(keyOf(sum))).map((sum) => ({ key: keyOf(sum), ahead: nothing(sum), before: sum }))];
}

const signed = (count: number) => (count === 0 ? "same" : `${count > 0 ? "+" : "−"}${Math.abs(count)}`);
/** Twice as many, or half, is worth a look before the run does it. */
const striking = (ahead: number, before: number) => ahead !== before && (ahead >= 2 * before || 2 * ahead <= before);
const moneyOf = (sum: Sum) => (sum.amount.minor === 0 ? null : formatMoney(sum.amount));

function Change({ pair }: { pair: Pair }) {
  const { ahead, before } = pair;
  const minor = ahead.amount.minor - before.amount.minor;
  const mark = striking(ahead.count, before.count) || striking(ahead.amount.minor, before.amount.minor);
  return (
    <span className={cx("whitespace-nowrap", mark ? "font-medium text-warn" : "text-ink-3")}>
      {signed(ahead.count - before.count)}{minor === 0 ? null : <span className="block text-sm">{formatMoney({ ...ahead.amount, minor }, true)}</span>}
    </span>
  );
}

function Count({ sum }: { sum: Sum }) {
  const amount = moneyOf(sum);
  return <span className="whitespace-nowrap">{sum.count}{amount ? <span className="block text-sm text-ink-3">{amount}</span> : null}</span>;
}

const head = "h-9 border-b border-line px-2 text-right text-xs font-medium text-ink-3 sm:px-3";
const cell = "num border-b border-line px-2 py-1.5 text-right group-last:border-0 sm:px-3";

export function RunTotals({ preview }: { preview: RunPreview }) {
  const rows = paired(preview);
  return (
    <Section flush title="In all" className="mb-5">
      {rows.length === 0 ? <p className="px-4 py-3 text-ink-3">Nothing happens in these days, and nothing did before.</p> : (
        <table aria-label="Totals by step" className="w-full border-separate border-spacing-0">
          <thead><tr><th scope="col" className={cx(head, "pl-4 text-left sm:pl-4")}>Step</th><th scope="col" className={head}>Next {preview.days} days</th><th scope="col" className={head}>Last {preview.days} days</th><th scope="col" className={cx(head, "pr-4 sm:pr-4")}>Difference</th></tr></thead>
          <tbody>
            {rows.map((pair) => (
              <tr key={pair.key} className="group">
                <th scope="row" className={cx(cell, "pl-4 text-left font-normal sm:pl-4")}>{sumWords(pair.ahead)}</th>
                <td className={cell}><Count sum={pair.ahead} /></td><td className={cell}><Count sum={pair.before} /></td><td className={cx(cell, "pr-4 sm:pr-4")}><Change pair={pair} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
