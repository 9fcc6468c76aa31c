import type RFB from "@novnc/novnc";

export const keysyms = {
  backspace: 0xff08, tab: 0xff09, enter: 0xff0d, escape: 0xff1b, home: 0xff50, left: 0xff51, up: 0xff52, right: 0xff53, down: 0xff54,
  pageUp: 0xff55, pageDown: 0xff56, end: 0xff57, delete: 0xffff, shift: 0xffe1, control: 0xffe3, alt: 0xffe9,
} as const;
const byCharacter: Record<string, number> = { "\n": keysyms.enter, "\t": keysyms.tab, "\b": keysyms.backspace };
const shifted = /[A-Z~!@#$%^&*()_+{}|:"<>?]/;
const modifiers: [number, string][] = [[0xffe3, "ControlLeft"], [0xffe4, "ControlRight"], [0xffe9, "AltLeft"], [0xffea, "AltRight"]];
const perKeyMilliseconds = 12;

function keysymOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  return byCharacter[character] ?? (code <= 0xff ? code : 0x1000000 | code);
}

/** Types one character as a keyboard of the US layout does: some need Shift. */
export function typeCharacter(rfb: RFB, character: string): void {
  const shift = shifted.test(character);
  if (shift) rfb.sendKey(keysyms.shift, "ShiftLeft", true);
  rfb.sendKey(keysymOf(character), null);
  if (shift) rfb.sendKey(keysyms.shift, "ShiftLeft", false);
}

/** Ctrl and Alt go up again for the server, which does not hear where they are let go. */
export function releaseModifiers(rfb: RFB): void {
  for (const [keysym, code] of modifiers) rfb.sendKey(keysym, code, false);
}

/** A guest's keyboard takes a few keys at a time, so a long text goes at a fast typist's pace. */
export async function typeText(rfb: RFB, text: string): Promise<void> {
  for (const character of text.replaceAll("\r\n", "\n").replaceAll("\r", "\n")) {
    typeCharacter(rfb, character);
    await new Promise((done) => setTimeout(done, perKeyMilliseconds));
  }
}

/** What a phone's keyboard did to a field, as characters; what it took away comes first, as backspaces. */
export function typedBetween(before: string, after: string): string {
  let same = 0;
  while (same < before.length && same < after.length && before[same] === after[same]) same += 1;
  return "\b".repeat(before.length - same) + after.slice(same);
}
