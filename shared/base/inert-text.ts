// Makes text that a device or a peer wrote harmless to look at: what would be invisible or would move other text becomes a visible mark.

// Controls, lone surrogates, marks of direction, zero-width characters, line separators and the invisible tag block.
const UNSEEN =
  /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Most texts: ten thousand devices have fifty thousand of them, and looking is a tenth of rewriting. */
const PLAIN = /^[\x20-\x7e]*$/;

/** One line: control characters, ANSI and bidirectional overrides become visible marks, a tab becomes a space. */
export function inert(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.replaceAll(UNSEEN, (c) =>
    c === '\t' ? ' ' : `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** The same for text of several lines: new lines stay. */
export const inertLines = (text: string): string =>
  PLAIN.test(text)
    ? text
    : text
        .split('\n')
        .map((line) => inert(line.replace(/\r$/, '')))
        .join('\n');

/** Everything but what may be seen and begins no escape: a backslash may write any of those in JSON. */
const MAYBE_UNSEEN =
  /[^ -[\]-~\u00a0-\u061b\u061d-\u200a\u2010-\u2027\u202f-\u205f\u2061-\u2065\u206a-\ud7ff\ue000-\ufefe\uff00-\ufff8\ufffc-\uffff]/;

/** A JSON text as `inertDeep` of its value; one look at a whole answer is a tenth of looking at each of its texts. */
export function inertJson(json: string, textOf: (text: string) => string = inert): unknown {
  const value: unknown = JSON.parse(json);
  return MAYBE_UNSEEN.test(json) ? inertDeep(value, textOf) : value;
}

/** Every text inside a JSON value, keys included; `textOf` says how many lines a text may have. */
export function inertDeep(value: unknown, textOf: (text: string) => string = inert): unknown {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) return inertList(value, textOf);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [inert(key), inertDeep(member, textOf)]));
}

/** The same list where nothing of it changes: the columns of a fleet are a quarter of a million members, and hardly one does. */
function inertList(list: readonly unknown[], textOf: (text: string) => string): readonly unknown[] {
  let made: unknown[] | undefined;
  for (let place = 0; place < list.length; place += 1) {
    const member = list[place];
    if (typeof member === 'number' || member === null) continue;
    const harmless = inertDeep(member, textOf);
    if (harmless === member) continue;
    made ??= [...list];
    made[place] = harmless;
  }
  return made ?? list;
}
