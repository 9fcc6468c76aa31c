import { type ReactNode, useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import type { ConsoleTicket } from "../../api/types";
import { cx } from "../../lib/cx";
import { useMedia } from "../../lib/media";
import { StateBadge, type StateLook } from "../../ui/Badge";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { releaseModifiers } from "./keys";
import { Line, type LineState } from "./line";
import { PhoneKeys } from "./PhoneKeys";
import { SendText } from "./SendText";
import { Waiting } from "./Waiting";

const looks: Record<LineState["kind"], StateLook> = {
  connecting: { word: "Connecting", tone: "info", moving: true },
  shown: { word: "Connected", tone: "good" },
  waiting: { word: "Connecting again", tone: "warn", moving: true },
  ended: { word: "Disconnected", tone: "neutral" },
};
const connecting: LineState = { kind: "connecting" };
const nothing = () => () => undefined;

/** The line that belongs to an element, from its first to its last moment on the page. */
function useLine(label: string, ask: () => Promise<ConsoleTicket>): [Line | null, (holder: HTMLDivElement | null) => (() => void) | undefined] {
  const [line, setLine] = useState<Line | null>(null);
  const attach = useCallback((holder: HTMLDivElement | null) => {
    if (!holder) return undefined;
    const made = new Line(holder, label, ask);
    setLine(made);
    void made.open();
    return () => made.close();
  }, [label, ask]);
  return [line, attach];
}

/** Out of the screen, which takes every other key: Ctrl+Alt+B. */
function useWayOut(line: Line | null, bar: React.RefObject<HTMLDivElement | null>): void {
  // The screen stops its keys from going further, so they are heard before it.
  useEffect(() => {
    const hear = (event: KeyboardEvent) => {
      if (!line?.rfb || !event.ctrlKey || !event.altKey || event.code !== "KeyB") return;
      event.preventDefault();
      event.stopPropagation();
      releaseModifiers(line.rfb);
      line.rfb.blur();
      bar.current?.querySelector<HTMLElement>("button:not(:disabled)")?.focus();
    };
    document.addEventListener("keydown", hear, true);
    return () => document.removeEventListener("keydown", hear, true);
  }, [line, bar]);
}

type ViewProps = {
  name: string;
  /** Must stay the same function while the console is the same: a new one is a new console. */
  ask: () => Promise<ConsoleTicket>;
  off: boolean;
  /** What helps a server that is off: a button to start it. */
  start?: ReactNode;
  /** More buttons at the end of the bar. */
  more?: ReactNode;
  fills?: boolean;
};

/** A server's screen and keyboard, with what becomes of the connection in words. */
export function ConsoleView({ name, ask, off, start, more, fills }: ViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const bar = useRef<HTMLDivElement>(null);
  const [line, attach] = useLine(`Screen of ${name}`, ask);
  const state = useSyncExternalStore(line?.subscribe ?? nothing, () => line?.state ?? connecting);
  const [sending, setSending] = useState(false);
  const [scaled, setScaled] = useState(true);
  const touch = useMedia("(pointer: coarse)");
  const shown = state.kind === "shown";
  useWayOut(line, bar);

  // A server that comes up again is looked at again.
  useEffect(() => {
    if (!off && line?.state.kind === "ended") void line.open();
  }, [off, line]);

  return (
    <div ref={frame} className={cx("flex min-h-0 flex-col gap-3 bg-bg", fills && "flex-1")}>
      <div ref={bar} role="toolbar" aria-label="Console" className="flex flex-wrap items-center gap-2">
        <span role="status" className="mr-auto"><StateBadge look={looks[state.kind]} /></span>
        <Button disabled={!shown} onClick={() => line?.rfb?.sendCtrlAltDel()}>Ctrl+Alt+Del</Button>
        <Button disabled={!shown} onClick={() => setSending(true)}>Send text</Button>
        <Button aria-pressed={scaled} onClick={() => { line?.scale(!scaled); setScaled(!scaled); }}>{scaled ? "Actual size" : "Fit to window"}</Button>
        {document.fullscreenEnabled ? <Button onClick={() => void (document.fullscreenElement ? document.exitFullscreen() : frame.current?.requestFullscreen())}>Full screen</Button> : null}
        {shown ? <Button onClick={() => line?.leave()}>Disconnect</Button> : <Button icon="refresh" onClick={() => void line?.open()}>Connect</Button>}
        {more}
      </div>
      {off ? <Notice tone="neutral" title="The server is off" action={start}>Its screen stays dark until it is started.</Notice> : null}
      <Waiting state={state} />
      <div className={cx("relative overflow-auto rounded border border-line bg-[#0c0e12]", fills ? "min-h-64 flex-1" : "h-[min(68dvh,620px)] min-h-64")}>
        <div ref={attach} className="absolute inset-0" />
      </div>
      {touch ? <PhoneKeys rfb={shown ? (line?.rfb ?? null) : null} /> : (
        <p className="text-sm text-ink-3">Click the screen to type on the server. <kbd>Ctrl</kbd>+<kbd>Alt</kbd>+<kbd>B</kbd> brings the keyboard back to this page.</p>
      )}
      {sending && line?.rfb ? <SendText rfb={line.rfb} onClose={() => setSending(false)} /> : null}
    </div>
  );
}
