export type MoneyValue = { minor: number; currency: string };

export function locale(): string {
  return document.documentElement.dataset.locale ?? navigator.language;
}

export function minorDigits(currency: string): number {
  try {
    return new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** "12.50" from 1250 minor units, by digits rather than by division. */
export function majorString(value: MoneyValue): string {
  const digits = minorDigits(value.currency);
  const text = String(Math.abs(value.minor)).padStart(digits + 1, "0");
  const sign = value.minor < 0 ? "-" : "";
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function trueMinus(text: string): string {
  return text.replace("-", "−");
}

export function formatMoney(value: MoneyValue, signed = false): string {
  const shape = new Intl.NumberFormat(locale(), {
    style: "currency", currency: value.currency, signDisplay: signed ? "exceptZero" : "auto",
  });
  return trueMinus(shape.format(majorString(value) as `${number}`));
}

/** A price finer than a minor unit, such as an hourly one, in major units. */
export function formatExact(amount: string, currency: string): string {
  const shape = new Intl.NumberFormat(locale(), {
    style: "currency", currency, minimumFractionDigits: 2, maximumFractionDigits: 6,
  });
  return trueMinus(shape.format(amount as `${number}`));
}

export function formatNumber(value: number, digits = 0): string {
  return new Intl.NumberFormat(locale(), { maximumFractionDigits: digits }).format(value);
}

export function formatMemory(mib: number): string {
  return mib < 1024 ? `${mib} MiB` : `${formatNumber(mib / 1024, 1)} GiB`;
}

export function formatDisk(gib: number): string {
  return gib < 1024 ? `${gib} GiB` : `${formatNumber(gib / 1024, 1)} TiB`;
}

export function formatTraffic(gb: number): string {
  if (gb === 0) return "Unmetered";
  return gb < 1000 ? `${formatNumber(gb)} GB` : `${formatNumber(gb / 1000, 1)} TB`;
}

export function formatPort(mbps: number): string {
  return mbps < 1000 ? `${mbps} Mbit/s` : `${formatNumber(mbps / 1000, 1)} Gbit/s`;
}

export function formatInstant(at: string, zone?: string): string {
  return new Intl.DateTimeFormat(locale(), {
    dateStyle: "medium", timeStyle: "medium", ...(zone ? { timeZone: zone } : {}),
  }).format(new Date(at));
}

export function formatTime(at: string): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: "short" }).format(new Date(at));
}

/** A calendar date ("2026-11-23") without moving it through a time zone. */
export function formatDate(on: string): string {
  const [year = 1970, month = 1, day = 1] = on.slice(0, 10).split("-").map(Number);
  return new Intl.DateTimeFormat(locale(), { dateStyle: "medium", timeZone: "UTC" }).format(Date.UTC(year, month - 1, day));
}

/** The month of a date, such as March 2026. */
export function formatMonth(on: string): string {
  const [year = 1970, month = 1] = on.slice(0, 7).split("-").map(Number);
  return new Intl.DateTimeFormat(locale(), { month: "long", year: "numeric", timeZone: "UTC" }).format(Date.UTC(year, month - 1, 1));
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ["second", 60], ["minute", 60], ["hour", 24], ["day", 30], ["month", 12], ["year", Number.POSITIVE_INFINITY],
];

export function formatRelative(at: string, now: number): string {
  let amount = (new Date(at).getTime() - now) / 1000;
  // The shared clock lags by up to 15 s and servers' clocks differ, so what is a little ahead has just happened.
  if (Math.abs(amount) < 45) return "just now";
  for (const [unit, size] of steps) {
    if (Math.abs(amount) < size) {
      return new Intl.RelativeTimeFormat(locale(), { numeric: "auto" }).format(Math.round(amount), unit);
    }
    amount /= size;
  }
  return formatInstant(at);
}

export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  if (whole < 86_400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor((whole % 86_400) / 3600)} h`;
}

export function countryName(code: string): string {
  try {
    return new Intl.DisplayNames([locale()], { type: "region" }).of(code) ?? code;
  } catch {
    return code;
  }
}

/** Today as a calendar date where the viewer is. */
export function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, "0")}-${String(now.getDate()).padStart(2, "0")}`;
}
