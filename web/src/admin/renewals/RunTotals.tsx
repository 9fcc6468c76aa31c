import type { RunPreview, Sum } from "../../api/adminRenewals";
import { cx } from "../../lib/cx";
import { formatMoney } from "../../lib/format";
import { Section } from "../../ui/Card";
import { sumWords } from "./words";

type Side = { count: number; minor: Map<string, number> };
type Row = { key: string; step: string; ahead: Side; before: Side };

const side = (): Side => ({ count: 0, minor: new Map() });

function add(to: Side, { count, amount }: Sum): void {
  to.count += count;
  to.minor.set(amount.currency, (to.minor.get(amount.currency) ?? 0) + amount.minor);
}

/** Each kind of act in the coming span beside the same kind in the one before, amounts by currency. */
function rowsOf({ totals, before }: RunPreview): Row[] {
  const rows = new Map<string, Row>();
  const rowOf = (sum: Sum) => {
    const key = `${sum.step}-${sum.outcome}`;
    const row = rows.get(key) ?? { key, step: sumWords(sum), ahead: side(), before: side() };
    rows.set(key, row);
    return row;
  };
  for (const sum of totals) add(rowOf(sum).ahead, sum);
  for (const sum of before) add(rowOf(sum).before, sum);
  return [...rows.values()];
}

const signed = (count: number) => (count === 0 ? "same" : `${count > 0 ? "+" : "−"}${Math.abs(count)}`);
/** Twice as many, or half, is worth a look before the run does it. */
const striking = (ahead: number, before: number) => ahead !== before && (ahead >= 2 * before || 2 * ahead <= before);

function Amounts({ amounts, signs = false }: { amounts: [string, number][]; signs?: boolean }) {
  return amounts.filter(([, minor]) => minor !== 0).map(([currency, minor]) => <span key={currency} className="block text-sm">{formatMoney({ currency, minor }, signs)}</span>);
}

function Change({ ahead, before }: Row) {
  const both = [...new Set([...ahead.minor.keys(), ...before.minor.keys()])].map((currency): [string, number, number] => [currency, ahead.minor.get(currency) ?? 0, before.minor.get(currency) ?? 0]);
  const mark = striking(ahead.count, before.count) || both.some(([, now, then]) => striking(now, then));
  return (
    <span className={cx("whitespace-nowrap", mark ? "font-medium text-warn" : "text-ink-3")}>
      {signed(ahead.count - before.count)}{mark ? <span className="sr-only">, a large difference</span> : null}
      <Amounts amounts={both.map(([currency, now, then]) => [currency, now - then])} signs />
    </span>
  );
}

function Count({ of }: { of: Side }) {
  return <span className="whitespace-nowrap">{of.count}<span className="text-ink-3"><Amounts amounts={[...of.minor]} /></span></span>;
}

const head = "h-9 border-b border-line px-2 text-xs font-medium text-ink-3 sm:px-4";
const cell = "border-b border-line px-2 py-1.5 align-top group-last:border-0 sm:px-4";
const right = "num text-right";

export function RunTotals({ preview }: { preview: RunPreview }) {
  const rows = rowsOf(preview);
  return (
    <Section flush title="In all" className="mb-5">
      {rows.length === 0 ? <p className="px-4 py-3 text-ink-3">Nothing happens in these days, and nothing did before.</p> : (
        <table aria-label="Totals by step" className="w-full border-separate border-spacing-0">
          <thead><tr><th scope="col" className={cx(head, "pl-4 text-left")}>Step</th><th scope="col" className={cx(head, right)}>Next {preview.days} days</th><th scope="col" className={cx(head, right)}>Last {preview.days} days</th><th scope="col" className={cx(head, right)}>Difference</th></tr></thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key} className="group">
                <th scope="row" className={cx(cell, "pl-4 text-left font-normal")}>{row.step}</th>
                <td className={cx(cell, right)}><Count of={row.ahead} /></td><td className={cx(cell, right)}><Count of={row.before} /></td><td className={cx(cell, right)}><Change {...row} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}
