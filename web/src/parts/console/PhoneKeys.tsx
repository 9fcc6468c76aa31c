import type RFB from "@novnc/novnc";
import { useRef, useState } from "react";
import { cx } from "../../lib/cx";
import { buttonClass } from "../../ui/Button";
import { keysyms, typeCharacter, typedBetween } from "./keys";

const keys: { label: string; name: string; keysym: number }[] = [
  { label: "Esc", name: "Esc", keysym: keysyms.escape }, { label: "Tab", name: "Tab", keysym: keysyms.tab },
  { label: "←", name: "Left", keysym: keysyms.left }, { label: "↓", name: "Down", keysym: keysyms.down },
  { label: "↑", name: "Up", keysym: keysyms.up }, { label: "→", name: "Right", keysym: keysyms.right },
];
const sticky: { label: string; keysym: number; code: string }[] = [
  { label: "Ctrl", keysym: keysyms.control, code: "ControlLeft" }, { label: "Alt", keysym: keysyms.alt, code: "AltLeft" },
];
/** A field that is never empty, so that taking back has something to take. */
const filler = "      ";

/** What is typed goes to the end, wherever the field was touched. */
function toEnd(element: HTMLInputElement): void {
  const end = element.value.length;
  if (element.selectionStart !== end) element.setSelectionRange(end, end);
}

/** Keys that a phone's keyboard does not have, and a field that brings that keyboard up. */
export function PhoneKeys({ rfb }: { rfb: RFB | null }) {
  const [held, setHeld] = useState<number[]>([]);
  const field = useRef<HTMLInputElement>(null);
  const before = useRef(filler);

  function withHeld(act: (to: RFB) => void): void {
    if (!rfb) return;
    const down = sticky.filter(({ keysym }) => held.includes(keysym));
    for (const each of down) rfb.sendKey(each.keysym, each.code, true);
    act(rfb);
    for (const each of down.toReversed()) rfb.sendKey(each.keysym, each.code, false);
    setHeld([]);
  }

  const reset = (element: HTMLInputElement) => {
    element.value = filler;
    before.current = filler;
    toEnd(element);
  };
  const hear = (element: HTMLInputElement) => {
    const typed = typedBetween(before.current, element.value);
    if (!typed) return;
    before.current = element.value;
    withHeld((to) => typeCharacter(to, typed[0] ?? ""));
    for (const character of typed.slice(1)) if (rfb) typeCharacter(rfb, character);
    if (element.value.length < 2 || element.value.length > 60) reset(element);
  };
  return (
    <div role="toolbar" aria-label="Keys" className="flex flex-wrap items-center gap-1.5">
      <span className="relative">
        <span aria-hidden="true" className="pointer-events-none absolute inset-y-0 left-2.5 flex items-center text-sm text-ink-2">Keyboard</span>
      <input ref={field} aria-label="Keyboard of this device" defaultValue={filler} autoComplete="off" autoCapitalize="off" autoCorrect="off" spellCheck={false} enterKeyHint="enter"
        className="h-8 w-24 rounded border border-line-strong bg-surface px-2 text-base text-transparent caret-transparent pointer-coarse:h-10"
        onInput={(event) => hear(event.currentTarget)}
        onFocus={(event) => reset(event.currentTarget)} onSelect={(event) => toEnd(event.currentTarget)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          withHeld((to) => to.sendKey(keysyms.enter, "Enter"));
          reset(event.currentTarget);
        }} />
      </span>
      {sticky.map(({ label, keysym }) => (
        <button key={label} type="button" disabled={!rfb} aria-pressed={held.includes(keysym)} className={cx(buttonClass(), "min-w-10", held.includes(keysym) && "border-accent-text text-accent-text")}
          onClick={() => setHeld((now) => (now.includes(keysym) ? now.filter((each) => each !== keysym) : [...now, keysym]))}>{label}</button>
      ))}
      {keys.map(({ label, name, keysym }) => (
        <button key={name} type="button" disabled={!rfb} aria-label={name} className={cx(buttonClass(), "min-w-10")} onClick={() => withHeld((to) => to.sendKey(keysym, null))}>{label}</button>
      ))}
    </div>
  );
}
