import { type InputHTMLAttributes, useState } from "react";
import { cx } from "../lib/cx";
import { Input } from "./controls";
import { Icon } from "./Icon";

type Strength = { word: string; level: 0 | 1 | 2 | 3; advice: string };

/** A rough word for how long guessing would take; the server has the last say. */
export function passwordStrength(password: string): Strength {
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^a-zA-Z\d]/].filter((kind) => kind.test(password)).length;
  const distinct = new Set(password).size;
  const score = Math.min(password.length, distinct * 2) + kinds * 2;
  if (password.length < 10) return { word: "Too short", level: 0, advice: "Use at least 10 characters; a few words are fine." };
  if (score < 17 || distinct < 6) return { word: "Weak", level: 1, advice: "Longer is stronger. Add another word." };
  if (score < 23) return { word: "Good", level: 2, advice: "Good enough. Longer would be better still." };
  return { word: "Strong", level: 3, advice: "Strong." };
}

const bars = ["bg-bad-dot", "bg-warn-dot", "bg-info-dot", "bg-good-dot"] as const;

type PasswordInputProps = Omit<InputHTMLAttributes<HTMLInputElement>, "type" | "value"> & { value: string; measured?: boolean };

export function PasswordInput({ value, measured, ...rest }: PasswordInputProps) {
  const [visible, setVisible] = useState(false);
  const strength = passwordStrength(value);
  return (
    <span className="block">
      <span className="relative block">
        <Input type={visible ? "text" : "password"} value={value} spellCheck={false} autoCapitalize="off" {...rest} className="pr-10" />
        <button type="button" aria-label={visible ? "Hide password" : "Show password"} aria-pressed={visible} onClick={() => setVisible(!visible)}
          className="absolute inset-y-0 right-0 grid w-9 place-items-center text-ink-3 hover:text-ink"><Icon name={visible ? "eyeOff" : "eye"} /></button>
      </span>
      {measured && value ? (
        <span className="mt-1.5 flex items-center gap-2 text-sm" aria-live="polite">
          <span aria-hidden="true" className="flex gap-1">{bars.map((_, at) => <span key={bars[at]} className={cx("h-1 w-6 rounded-full", at <= strength.level ? bars[strength.level] : "bg-line")} />)}</span>
          <span className="text-ink-2">{strength.word}</span><span className="text-ink-3">{strength.level === 3 ? "" : strength.advice}</span>
        </span>
      ) : null}
    </span>
  );
}
