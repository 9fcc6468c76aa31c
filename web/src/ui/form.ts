import { type FormEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { isApiError, sayError } from "../lib/errors";
import { markDirty } from "../lib/guard";

export type Values = Record<string, string | boolean>;
export type Errors<T> = Partial<Record<keyof T & string, string>>;

type Options<T extends Values> = {
  initial: T;
  validate?: (values: T) => Errors<T>;
  submit: (values: T) => Promise<unknown>;
  /** Warn before leaving with unsaved changes; log-in and search forms need no such warning. */
  guard?: boolean;
  /** Our field for a field that the server names otherwise. */
  aliases?: Record<string, keyof T & string>;
};

export type Form<T extends Values> = ReturnType<typeof useForm<T>>;

function serverErrors<T extends Values>(error: unknown, initial: T, aliases: Options<T>["aliases"]): { fields: Errors<T>; rest: string | null } {
  if (!isApiError(error) || error.errors.length === 0) return { fields: {}, rest: sayError(error) };
  const fields: Errors<T> = {};
  const rest: string[] = [];
  for (const each of error.errors) {
    const last = each.field.split(".").at(-1) ?? "";
    const name = aliases?.[each.field] ?? aliases?.[last] ?? last;
    if (name in initial) fields[name as keyof T & string] = each.message;
    else rest.push(each.message);
  }
  return { fields, rest: rest.length > 0 ? rest.join(" ") : null };
}

/** Holds a form's values, its errors by field, and what happens on sending. */
export function useForm<T extends Values>({ initial, validate, submit, guard, aliases }: Options<T>) {
  const [values, setValues] = useState<T>(initial);
  const [saved, setSaved] = useState<T>(initial);
  const [errors, setErrors] = useState<Errors<T>>({});
  const [failure, setFailure] = useState<{ message: string; requestId: string | null } | null>(null);
  const [sending, setSending] = useState(false);
  const element = useRef<HTMLFormElement>(null);
  const mark = useMemo(() => Symbol("form"), []);
  const dirty = Object.keys(values).some((name) => values[name] !== saved[name]);

  // The leave guard lives outside React, because the browser's own leaving asks it too.
  useEffect(() => {
    markDirty(mark, Boolean(guard) && dirty && !sending);
    return () => markDirty(mark, false);
  }, [mark, guard, dirty, sending]);

  // Focus can move only once the errors are in the page.
  useEffect(() => {
    if (Object.keys(errors).length > 0) element.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus();
  }, [errors]);

  const set = useCallback(<K extends keyof T & string>(name: K, value: T[K]) => {
    setValues((before) => ({ ...before, [name]: value }));
    setErrors((before) => (before[name] ? { ...before, [name]: undefined } : before));
  }, []);

  const reset = useCallback((next: T) => {
    setValues(next);
    setSaved(next);
    setErrors({});
    setFailure(null);
  }, []);

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (sending) return;
    setFailure(null);
    const found = Object.fromEntries(Object.entries(validate?.(values) ?? {}).filter(([, text]) => text)) as Errors<T>;
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    setSending(true);
    markDirty(mark, false);
    try {
      await submit(values);
      setSaved(values);
    } catch (error) {
      const { fields, rest } = serverErrors(error, initial, aliases);
      setErrors(fields);
      if (rest) setFailure({ message: rest, requestId: isApiError(error) && error.status >= 500 ? error.requestId : null });
    } finally {
      setSending(false);
    }
  }

  const text = <K extends keyof T & string>(name: K) => ({
    name,
    value: String(values[name] ?? ""),
    onChange: (event: { target: { value: string } }) => set(name, event.target.value as T[K]),
  });
  const tick = <K extends keyof T & string>(name: K) => ({
    name,
    checked: Boolean(values[name]),
    onChange: (event: { target: { checked: boolean } }) => set(name, event.target.checked as T[K]),
  });

  return { values, errors, failure, sending, dirty, element, set, reset, send, text, tick };
}
