import { useState } from "react";
import { Button } from "../../ui/Button";
import { Input } from "../../ui/controls";
import { Field } from "../../ui/Field";

/** A code is tried when it is sent, not while it is typed. */
export function CouponField({ value, onChange, error }: { value: string; onChange: (code: string) => void; error: string | undefined }) {
  const [typed, setTyped] = useState(value);
  if (value && !error) {
    return <p id="coupon" className="flex items-center justify-between gap-3"><span>Coupon <code>{value}</code></span><Button look="quiet" onClick={() => { setTyped(""); onChange(""); }}>Remove</Button></p>;
  }
  return (
    <form id="coupon" className="flex items-start gap-2" onSubmit={(event) => { event.preventDefault(); onChange(typed.trim().toUpperCase()); }}>
      <Field label="Coupon" optional error={error} className="flex-1"><Input value={typed} maxLength={40} autoComplete="off" spellCheck={false} onChange={(event) => { setTyped(event.target.value); if (value) onChange(""); }} /></Field>
      <Button type="submit" className="mt-6" disabled={!typed.trim()} title={typed.trim() ? undefined : "Type a code first."}>Use</Button>
    </form>
  );
}
