/** Whether a form on the page holds changes that leaving would lose. */
const dirty = new Set<symbol>();

export function markDirty(form: symbol, isDirty: boolean): void {
  if (isDirty) dirty.add(form);
  else dirty.delete(form);
}

export function anyDirty(): boolean {
  return dirty.size > 0;
}

export function clearDirty(): void {
  dirty.clear();
}

addEventListener("beforeunload", (event) => {
  if (dirty.size > 0) event.preventDefault();
});
