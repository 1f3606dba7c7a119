// Reads "key value" lines, alone or in groups that begin with a line of one key.

export type Keyed = ReadonlyMap<string, string>;

/** The first value of each key. */
export function keyedLines(lines: readonly string[] | undefined, separator: string): Keyed {
  const values = new Map<string, string>();
  for (const line of lines ?? []) {
    const at = line.indexOf(separator);
    const key = line.slice(0, at).trim();
    if (at > 0 && !values.has(key)) values.set(key, line.slice(at + separator.length).trim());
  }
  return values;
}

/** Groups of lines, each with the name after `first`: "disk sda", then its lines. */
export function groupsOf(
  lines: readonly string[] | undefined,
  first: string,
): Array<{ name: string; lines: string[] }> {
  const groups: Array<{ name: string; lines: string[] }> = [];
  for (const line of lines ?? []) {
    if (line.startsWith(`${first} `)) groups.push({ name: line.slice(first.length + 1), lines: [] });
    else groups.at(-1)?.lines.push(line);
  }
  return groups;
}
