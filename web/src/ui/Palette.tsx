import { type KeyboardEvent, useDeferredValue, useId, useState } from "react";
import { cx } from "../lib/cx";
import { Dialog } from "./Dialog";
import { Icon, type IconName } from "./Icon";

export type PaletteItem = { id: string; group: string; label: string; hint?: string; icon: IconName; run: () => void; always?: boolean };

/** What a search brought (`always`) fits already, though perhaps by a word that is not shown. */
function fits(item: PaletteItem, words: string[]): boolean {
  if (item.always) return true;
  const text = `${item.label} ${item.hint ?? ""} ${item.group}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

/** Reaches every page, thing and action by a few letters. */
export function Palette({ items, onClose, onText }: { items: PaletteItem[]; onClose: () => void; onText?: (text: string) => void }) {
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const asked = useDeferredValue(text);
  const found = items.filter((item) => fits(item, asked.toLowerCase().split(/\s+/).filter(Boolean))).slice(0, 40);
  const current = found[Math.min(at, found.length - 1)];
  const choose = (item: PaletteItem | undefined) => {
    if (!item) return;
    onClose();
    item.run();
  };
  const keys = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1));
    else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
    else if (event.key === "Enter") choose(current);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog open bare wide title="Command palette" onClose={onClose}>
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Icon name="search" className="size-4 text-ink-3" />
        <input autoFocus role="combobox" aria-expanded="true" aria-controls={`${id}-list`} aria-activedescendant={current ? `${id}-${current.id}` : undefined}
          aria-label="Search pages, servers, invoices and actions" placeholder="Go to a page, server or invoice, or do something…"
          value={text} onKeyDown={keys} onChange={(event) => {
            setText(event.target.value);
            setAt(0);
            onText?.(event.target.value);
          }} className="h-12 min-w-0 flex-1 bg-transparent text-lg outline-none" />
        <kbd className="rounded border border-line px-1.5 py-px text-xs text-ink-3">Esc</kbd>
      </div>
      <div id={`${id}-list`} role="listbox" aria-label="Results" className="max-h-[min(420px,60dvh)] overflow-y-auto p-1.5">
        {found.length === 0 ? <p className="px-3 py-8 text-center text-ink-3">Nothing found for “{text}”.</p> : null}
        {found.map((item, index) => (
          <div key={item.id} role="presentation">
            {item.group !== found[index - 1]?.group ? <p className="px-2.5 pt-2 pb-1 text-xs text-ink-3">{item.group}</p> : null}
            <button type="button" role="option" id={`${id}-${item.id}`} tabIndex={-1} aria-selected={item === current} onMouseMove={() => setAt(index)} onClick={() => choose(item)}
              className={cx("flex h-9 w-full items-center gap-2.5 rounded px-2.5 text-left", item === current && "bg-hover")}>
              <Icon name={item.icon} className="size-4 text-ink-3" />
              <span className="truncate">{item.label}</span>
              {item.hint ? <span className="ml-auto truncate pl-4 text-sm text-ink-3">{item.hint}</span> : null}
            </button>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
