// The key of one series in a map of values: its name, and its instance where it has one.

/** Names hold no space, so the first one parts them; instances may hold anything. */
export const seriesKey = (name: string, instance: string): string => (instance === '' ? name : `${name} ${instance}`);

export function splitSeriesKey(key: string): { name: string; instance: string } {
  const space = key.indexOf(' ');
  return space < 0 ? { name: key, instance: '' } : { name: key.slice(0, space), instance: key.slice(space + 1) };
}
