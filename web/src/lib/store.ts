/** Remembered choices. A browser that refuses storage costs only the memory, never the page. */
export function recall<T>(key: string, fallback: T, area: "local" | "session" = "local"): T {
  try {
    const text = (area === "local" ? localStorage : sessionStorage).getItem(key);
    return text === null ? fallback : (JSON.parse(text) as T);
  } catch {
    return fallback;
  }
}

export function remember(key: string, value: unknown, area: "local" | "session" = "local"): void {
  try {
    (area === "local" ? localStorage : sessionStorage).setItem(key, JSON.stringify(value));
  } catch {
    return;
  }
}

export function forget(key: string, area: "local" | "session" = "local"): void {
  try {
    (area === "local" ? localStorage : sessionStorage).removeItem(key);
  } catch {
    return;
  }
}
