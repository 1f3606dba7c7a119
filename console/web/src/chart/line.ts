// One line of a chart: parallel arrays of time and value, from history and from what came live since.

export type Value = number | null;

export interface Line {
  label: string;
  /** Lines of one group, such as the directions of one interface, are switched together in the legend; alone by default. */
  group?: string;
  /** Which colour and which dash; by its place when absent. */
  colour?: number;
  dash?: number;
  at: readonly number[];
  avg: readonly Value[];
  min: readonly Value[];
  max: readonly Value[];
}

/** A poll as the feed told it. */
export interface TailPoint {
  at: number;
  values: Readonly<Record<string, number>>;
}

/** Parallel arrays of the API; absent before the first answer. */
export type Series = Pick<Line, 'at' | 'avg' | 'min' | 'max'>;

const NOTHING: Series = { at: [], avg: [], min: [], max: [] };

/**
 * History with the live polls after its end. Polls further apart than `gapMs` are parted by a null: a gap stays a gap.
 * A live poll stands for itself, so its lowest, average and highest are one.
 */
export function withTail(
  label: string,
  history: Series | undefined,
  tail: readonly TailPoint[],
  { key, gapMs }: { key: string; gapMs: number },
): Line {
  const { at, avg, min, max } = history ?? NOTHING;
  const line = { label, at: [...at], avg: [...avg], min: [...min], max: [...max] };
  const push = (time: number, value: Value) => {
    line.at.push(time);
    for (const column of [line.avg, line.min, line.max]) column.push(value);
  };
  for (const point of tail) {
    const last = line.at.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (point.at <= last) continue;
    if (point.at - last > gapMs && line.at.length > 0) push(Math.floor((last + point.at) / 2), null);
    push(point.at, point.values[key] ?? null);
  }
  return line;
}

export const groupOf = (line: Line): string => line.group ?? line.label;
export const colourOf = (line: Line, index: number): number => (line.colour ?? index) % COLOURS;
export const dashOf = (line: Line, index: number): number => (line.dash ?? index) % DASHES.length;

/** Tokens `--color-series-1` and on. */
export const COLOURS = 6;
/** Whole, dashed, dotted, both in turn: lines are told apart without colour too. */
export const DASHES: ReadonlyArray<number[] | undefined> = [undefined, [6, 3], [2, 3], [8, 3, 2, 3]];

export const isEmpty = (line: Line): boolean => line.avg.every((value) => value === null);

/** Columns over one time axis. Null is a gap; undefined means that this line merely has no point at that time. */
export interface Aligned {
  at: number[];
  columns: Array<Array<Value | undefined>>;
}

export function align(lines: readonly Line[], pick: (line: Line) => readonly Value[] = (line) => line.avg): Aligned {
  const first = lines[0];
  // All lines of one device come from the same polls, nearly always.
  if (first !== undefined && lines.every((line) => sameTimes(line.at, first.at)))
    return { at: [...first.at], columns: lines.map((line) => [...pick(line)]) };
  const at = [...new Set(lines.flatMap((line) => line.at))].sort((a, b) => a - b);
  const index = new Map(at.map((time, i) => [time, i]));
  const columns = lines.map((line) => {
    const column = new Array<Value | undefined>(at.length).fill(undefined);
    for (const [i, time] of line.at.entries()) column[index.get(time) ?? 0] = pick(line)[i] ?? null;
    return column;
  });
  return { at, columns };
}

const sameTimes = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a[0] === b[0] && a.every((time, i) => time === b[i]);
