// Lists inside one cell: entries between semicolons, where an entry that holds one itself is written with a backslash before it.

/** "a; b\\; c" for ["a", "b; c"]. */
export function joinList(entries: readonly string[], separator = ';'): string {
  return entries.map((entry) => escapeIn(entry, separator)).join(`${separator} `);
}

export const escapeIn = (text: string, separator: string): string =>
  text.replaceAll('\\', String.raw`\\`).replaceAll(separator, `\\${separator}`);

/** Entries without the spaces around them; empty ones are none. */
export function splitList(text: string, separator = ';'): string[] {
  return splitCells(text, separator)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** The parts as they stand, empty ones too. */
export function splitCells(text: string, separator: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    const next = text[at + 1];
    if (sign === '\\' && (next === '\\' || next === separator)) {
      part += next;
      at += 1;
    } else if (sign === separator) {
      parts.push(part);
      part = '';
    } else part += sign;
  }
  return [...parts, part];
}
