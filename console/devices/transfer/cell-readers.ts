// What one cell may say: each reader gives the value, or what is wrong with the text in words that stand behind the column's name.
import type { z } from 'zod';

export type Read<T> = { ok: true; value: T } | { ok: false; message: string };

const good = <T>(value: T): Read<T> => ({ ok: true, value });
const bad = (message: string): Read<never> => ({ ok: false, message });

/** Says "none" where an empty cell would say "as the site's default has it". */
export const NONE = '(none)';

const isNone = (text: string): boolean => text.trim().toLowerCase() === NONE;

/** Signs that no text of ours holds; new lines and tabs may stand in notes. */
const CONTROL = /[\p{Cc}\p{Cs}\ufffe\uffff]/u;
const CONTROL_IN_NOTES = /(?![\n\r\t])[\p{Cc}\p{Cs}\ufffe\uffff]/u;

export function controlFault(text: string, isLong = false): string | undefined {
  const sign = (isLong ? CONTROL_IN_NOTES : CONTROL).exec(text)?.[0];
  if (sign === undefined) return undefined;
  const code = sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `holds a control character (U+${code}), which no text may`;
}

/** One line of text, without the spaces around it. */
export function readLine(most: number, isRequired = false) {
  return (text: string): Read<string> => {
    const line = text.trim();
    if (line === '' && isRequired) return bad('is missing');
    if (line.length > most) return bad(`has more than ${most} characters`);
    return good(line);
  };
}

export function readNotes(text: string): Read<string> {
  return text.length > 10_000 ? bad('has more than 10,000 characters') : good(text);
}

export function readWord<T extends string>(words: readonly T[]) {
  return (text: string): Read<T> => {
    const word = words.find((one) => one === text.trim().toLowerCase());
    return word === undefined ? bad(`must be one of ${words.join(', ')}`) : good(word);
  };
}

export function readPort(text: string): Read<number | null> {
  if (isNone(text)) return good(null);
  const port = Number(text.trim());
  return /^\s*\d{1,5}\s*$/.test(text) && port >= 1 && port <= 65_535
    ? good(port)
    : bad(`must be a whole number from 1 to 65535, or ${NONE}`);
}

/** Seconds as people write them, milliseconds as we keep them. */
export function readInterval(text: string): Read<number> {
  const plain = text.trim().replace(',', '.');
  const ms = Math.round(Number(plain) * 1_000);
  return /^\d{1,6}(\.\d{1,3})?$/.test(plain) && ms >= 5_000 && ms <= 86_400_000
    ? good(ms)
    : bad('must be a number of seconds from 5 to 86400');
}

/** By a schema of the model, with its own words. */
export function readAs<T>(schema: z.ZodType<T>, message?: string) {
  return (text: string): Read<T> => {
    const parsed = schema.safeParse(text.trim());
    if (parsed.success) return good(parsed.data);
    return bad(message ?? `is wrong: ${parsed.error.issues[0]?.message ?? 'not as it should be'}`);
  };
}

export const orNone =
  <T>(read: (text: string) => Read<T>) =>
  (text: string): Read<T | null> =>
    isNone(text) ? good(null) : read(text);

/** Each entry by its own reader, none twice. */
export function readEntries<T>(split: (text: string) => string[], read: (text: string) => Read<T>, most: number) {
  return (text: string): Read<T[]> => {
    if (isNone(text)) return good([]);
    const values = new Map<string, T>();
    for (const entry of split(text)) {
      const one = read(entry);
      if (!one.ok) return bad(`: "${entry.slice(0, 60)}" ${one.message}`);
      values.set(JSON.stringify(one.value), one.value);
    }
    return values.size > most ? bad(`has more than ${most} entries`) : good([...values.values()]);
  };
}
