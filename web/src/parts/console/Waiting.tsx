import { useEffect, useState } from "react";
import { Notice } from "../../ui/Notice";
import type { LineState } from "./line";
import { seconds } from "./words";

function useSecondsUntil(until: number): number {
  const [now, setNow] = useState(() => Date.now());
  // The clock runs outside React.
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return Math.max(0, Math.ceil((until - now) / 1000));
}

function Again({ text, until }: { text: string; until: number }) {
  const left = useSecondsUntil(until);
  return <Notice tone="warn" title={text}>We try again in {seconds(left)}.</Notice>;
}

/** Why the screen is not shown, and what happens next. */
export function Waiting({ state }: { state: LineState }) {
  if (state.kind === "waiting") return <Again text={state.text} until={state.until} />;
  return state.kind === "ended" ? <Notice tone="neutral" role="status" title={state.text}>Connect again whenever you like.</Notice> : null;
}
