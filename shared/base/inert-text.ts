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

/** Every text inside a JSON value, keys included; `textOf` says how many lines a text may have. */
export function inertDeep(value: unknown, textOf: (text: string) => string = inert): unknown {
  if (typeof value === 'string') return textOf(value);
  if (Array.isArray(value)) return value.map((member) => inertDeep(member, textOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [inert(key), inertDeep(member, textOf)]));
}
