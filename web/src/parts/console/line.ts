import type RFB from "@novnc/novnc";
import type { ConsoleTicket } from "../../api/types";
import { isApiError, sayError } from "../../lib/errors";
import { endings } from "./words";

export type LineState =
  | { kind: "connecting" }
  | { kind: "shown" }
  | { kind: "waiting"; text: string; until: number }
  | { kind: "ended"; text: string };

const firstWait = 1000;
const longestWait = 30_000;
const triesMax = 8;
const steadyAfter = 10_000;

/** One screen in one element: asks for a ticket, connects, and comes back by itself when the line breaks. */
export class Line {
  state: LineState = { kind: "connecting" };
  rfb: RFB | null = null;
  private readonly listeners = new Set<() => void>();
  private tries = 0;
  private attempt = 0;
  private timer: number | undefined;
  private shownAt = 0;
  private scaled = true;

  constructor(private readonly holder: HTMLElement, private readonly label: string, private readonly ask: () => Promise<ConsoleTicket>) {}

  readonly subscribe = (tell: () => void): (() => void) => {
    this.listeners.add(tell);
    return () => this.listeners.delete(tell);
  };

  private become(state: LineState): void {
    this.state = state;
    for (const tell of this.listeners) tell();
  }

  /** Connects anew; what was open or awaited before is over. */
  async open(): Promise<void> {
    this.drop();
    const attempt = this.attempt;
    this.become({ kind: "connecting" });
    try {
      const [ticket, { default: Viewer }] = await Promise.all([this.ask(), import("@novnc/novnc")]);
      if (attempt !== this.attempt) return;
      if (!ticket.ticket) throw new Error("an answer that was lost is not given twice");
      this.connect(ticket, Viewer, attempt);
    } catch (error) {
      if (attempt !== this.attempt) return;
      const again = !isApiError(error) || error.status === 0 || error.status >= 500 || error.status === 429;
      this.over(isApiError(error) ? sayError(error) : "The console could not be opened.", again);
    }
  }

  private connect(ticket: ConsoleTicket, Viewer: typeof RFB, attempt: number): void {
    const url = new URL(ticket.path, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    const socket = new WebSocket(url, ["binary", `ticket.${ticket.ticket}`]);
    socket.addEventListener("close", ({ reason }) => {
      if (attempt !== this.attempt) return;
      const ending = endings[reason] ?? endings.broken;
      if (ending) this.over(ending.text, ending.again ?? false);
    });
    const rfb = new Viewer(this.holder, socket, { shared: true });
    rfb.scaleViewport = this.scaled;
    rfb.background = "transparent";
    rfb.showDotCursor = true;
    rfb.addEventListener("connect", () => {
      this.shownAt = Date.now();
      const canvas = this.holder.querySelector("canvas");
      canvas?.setAttribute("role", "application");
      canvas?.setAttribute("aria-label", this.label);
      if (canvas) canvas.tabIndex = 0;
      this.become({ kind: "shown" });
      if (document.activeElement === document.body) rfb.focus({ preventScroll: true });
    });
    this.rfb = rfb;
  }

  private over(text: string, again: boolean): void {
    if (this.shownAt && Date.now() - this.shownAt > steadyAfter) this.tries = 0;
    this.drop();
    this.tries += 1;
    if (!again || this.tries > triesMax) {
      this.tries = 0;
      this.become({ kind: "ended", text });
      return;
    }
    const wait = Math.min(longestWait, firstWait * 2 ** (this.tries - 1)) * (0.75 + Math.random() / 2);
    this.timer = window.setTimeout(() => void this.open(), wait);
    this.become({ kind: "waiting", text, until: Date.now() + wait });
  }

  private drop(): void {
    this.attempt += 1;
    this.shownAt = 0;
    clearTimeout(this.timer);
    const { rfb } = this;
    this.rfb = null;
    rfb?.disconnect();
  }

  /** Ends it by the person's own wish. */
  leave(): void {
    this.drop();
    this.tries = 0;
    this.become({ kind: "ended", text: endings.left?.text ?? "" });
  }

  scale(scaled: boolean): void {
    this.scaled = scaled;
    if (this.rfb) this.rfb.scaleViewport = scaled;
  }

  close(): void {
    this.listeners.clear();
    this.drop();
  }
}
