import type { AlertRule } from "../../api/metrics";
import { Checkbox, Input } from "../../ui/controls";
import type { useForm } from "../../ui/form";
import { kindWords } from "./words";

export type Rule = Pick<AlertRule, "kind" | "threshold" | "minutes" | "enabled">;
export type RuleValues = Record<string, string | boolean>;
type RuleForm = ReturnType<typeof useForm<RuleValues>>;
const whole = (text: string | boolean | undefined) => Number.parseInt(String(text), 10);

function between(text: string | boolean | undefined, least: number, most: number): string | undefined {
  const value = whole(text);
  return Number.isInteger(value) && value >= least && value <= most ? undefined : `From ${least} to ${most}.`;
}

/** A form's fields from thresholds, and thresholds from its fields; of one that is off the old figures stay. */
export const fieldsOf = (rules: Rule[]): RuleValues =>
  Object.fromEntries(rules.flatMap((rule) => [[`${rule.kind}_enabled`, rule.enabled], [`${rule.kind}_threshold`, String(rule.threshold)], [`${rule.kind}_minutes`, String(rule.minutes)]] as [string, string | boolean][]));

export const problemsOf = (rules: Rule[], values: RuleValues): Record<string, string | undefined> =>
  Object.fromEntries(rules.filter(({ kind }) => values[`${kind}_enabled`] && !values[`${kind}_follows`]).flatMap(({ kind }) =>
    [[`${kind}_threshold`, between(values[`${kind}_threshold`], 1, 100)], [`${kind}_minutes`, between(values[`${kind}_minutes`], 0, 120)]] as [string, string | undefined][]));

export function ruleFrom(rule: Rule, values: RuleValues): Rule {
  const enabled = Boolean(values[`${rule.kind}_enabled`]);
  const [threshold, minutes] = [whole(values[`${rule.kind}_threshold`]), whole(values[`${rule.kind}_minutes`])];
  return { kind: rule.kind, enabled, threshold: enabled ? threshold : rule.threshold, minutes: enabled ? minutes : rule.minutes };
}

export const ruleSays = (rule: Pick<Rule, "threshold" | "minutes" | "enabled">, kind: Rule["kind"]): string =>
  rule.enabled ? [kind === "down" ? "" : `≥ ${rule.threshold} %`, rule.minutes > 0 ? `for ${rule.minutes} min` : kind === "down" ? "at once" : ""].filter(Boolean).join(" ") : "off";

/** One threshold in a form; a server's may follow its account's instead. */
export function RuleRow({ kind, form, account }: { kind: Rule["kind"]; form: RuleForm; account?: AlertRule["account"] }) {
  const words = kindWords[kind];
  const follows = Boolean(form.values[`${kind}_follows`]);
  const on = Boolean(form.values[`${kind}_enabled`]) && !follows;
  const problem = form.errors[`${kind}_threshold`] ?? form.errors[`${kind}_minutes`];
  const number = (field: "threshold" | "minutes", label: string, before?: string) => (
    <label className="flex items-center gap-1.5 text-sm text-ink-2">
      <span className="sr-only">{words.name}, {label}</span>{before ? <span aria-hidden="true">{before}</span> : null}
      <Input className="w-14! text-right" inputMode="numeric" disabled={!on} aria-invalid={form.errors[`${kind}_${field}`] ? true : undefined} {...form.text(`${kind}_${field}`)} />
      <span aria-hidden="true">{label}</span>
    </label>
  );
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1 py-1.5 max-sm:grid-cols-1">
      {follows ? <span className="pl-6.5">{words.name}</span> : <Checkbox label={words.name} help={words.help} {...form.tick(`${kind}_enabled`)} />}
      {follows ? null : <span className="flex items-center gap-3 max-sm:pl-6.5">{kind === "down" ? null : number("threshold", "%")}{kind === "traffic" ? null : number("minutes", "min", "for")}</span>}
      {account ? <span className="col-span-full pl-6.5 text-sm"><Checkbox label={`As the account sets it: ${ruleSays(account, kind)}`} {...form.tick(`${kind}_follows`)} /></span> : null}
      {problem ? <p className="col-span-full text-sm text-bad">{problem}</p> : null}
    </li>
  );
}
