import { useState } from "react";
import type { DraftLine } from "../../api/invoicing";
import { majorString, today } from "../../lib/format";
import { sayError } from "../../lib/errors";
import { parseMajor } from "../../lib/money";
import { Button, IconButton } from "../../ui/Button";
import { Input } from "../../ui/controls";
import { Field } from "../../ui/Field";
import { Notice } from "../../ui/Notice";

export type Written = { key: string; description: string; quantity: string; price: string; rate: string };

export const blankLine = (): Written => ({ key: crypto.randomUUID(), description: "", quantity: "1", price: "", rate: "" });

/** A line of an invoice as the form holds it; the tax rate is a percentage there. */
export function writtenLine(line: { id: string; description: string; quantity: number; unit_price: { minor: number; currency: string }; tax_rate: string }): Written {
  return { key: line.id, description: line.description, quantity: String(line.quantity), price: majorString(line.unit_price), rate: String(Number((Number(line.tax_rate) * 100).toFixed(3))) };
}

function fault(line: Written, currency: string): string | null {
  if (!line.description.trim()) return "Say what each line is for.";
  if (!/^[1-9]\d{0,5}$/.test(line.quantity)) return "Quantities are whole numbers from 1.";
  if (parseMajor(line.price, currency) === null) return `Prices are amounts in ${currency}, such as 12.50; a rebate is below nothing.`;
  return line.rate === "" || (/^\d{1,3}([.,]\d{1,3})?$/.test(line.rate) && Number(line.rate.replace(",", ".")) <= 100) ? null : "Tax rates are percentages, such as 19; empty is the customer's own.";
}

function asDraft(line: Written, currency: string): DraftLine {
  const rate = line.rate === "" ? null : String(Number((Number(line.rate.replace(",", ".")) / 100).toFixed(5)));
  return { description: line.description.trim(), quantity: Number(line.quantity), unit_price_minor: parseMajor(line.price, currency) ?? 0, tax_rate: rate };
}

function LineFields({ line, at, onChange, onRemove }: { line: Written; at: number; onChange: (line: Written) => void; onRemove: (() => void) | null }) {
  const text = (name: "description" | "quantity" | "price" | "rate") => ({ value: line[name], onChange: (event: { target: { value: string } }) => onChange({ ...line, [name]: event.target.value }) });
  return (
    <fieldset className="grid grid-cols-[1fr_auto] items-end gap-3 border-b border-line pb-4 sm:grid-cols-[minmax(0,1fr)_5rem_8rem_6rem_auto]">
      <legend className="sr-only">Line {at + 1}</legend>
      <Field label="Description" className="max-sm:col-span-2"><Input autoComplete="off" maxLength={300} {...text("description")} /></Field>
      <Field label="Quantity"><Input inputMode="numeric" autoComplete="off" {...text("quantity")} /></Field>
      <Field label="Unit price, net"><Input autoComplete="off" {...text("price")} /></Field>
      <Field label="Tax, %"><Input inputMode="decimal" autoComplete="off" placeholder="own" {...text("rate")} /></Field>
      {onRemove ? <IconButton icon="cross" label={`Remove line ${at + 1}`} onClick={onRemove} /> : <span />}
    </fieldset>
  );
}

type DraftFormProps = { currency: string; due: string | null; lines: Written[]; save: (dueOn: string, lines: DraftLine[]) => Promise<unknown> };

/** An invoice written by hand: its lines and when it is due. */
export function DraftForm({ currency, due, lines: before, save }: DraftFormProps) {
  const [lines, setLines] = useState(before);
  const [dueOn, setDueOn] = useState(due ?? today());
  const [failure, setFailure] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  async function send(): Promise<void> {
    const wrong = lines.map((line) => fault(line, currency)).find((text) => text !== null) ?? (dueOn ? null : "Say when it is due.");
    setFailure(wrong);
    if (wrong || sending) return;
    setSending(true);
    try {
      await save(dueOn, lines.map((line) => asDraft(line, currency)));
    } catch (error) {
      setFailure(sayError(error));
      setSending(false);
    }
  }
  return (
    <form aria-label="Invoice" noValidate className="space-y-4" onSubmit={(event) => {
      event.preventDefault();
      void send();
    }}>
      {failure ? <Notice tone="bad" role="alert">{failure}</Notice> : null}
      {lines.map((line, at) => (
        <LineFields key={line.key} line={line} at={at} onChange={(next) => setLines(lines.map((each) => (each.key === line.key ? next : each)))} onRemove={lines.length > 1 ? () => setLines(lines.filter((each) => each.key !== line.key)) : null} />
      ))}
      <Button icon="plus" onClick={() => setLines([...lines, blankLine()])}>Add a line</Button>
      <Field label="Due" className="max-w-44"><Input type="date" value={dueOn} onChange={(event) => setDueOn(event.target.value)} /></Field>
      <Button type="submit" look="primary" busy={sending}>Save draft</Button>
    </form>
  );
}
