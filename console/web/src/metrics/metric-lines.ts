// Answers about several devices as lines of one chart, each told from the others by its words, its colour and its dash.
import { COLOURS, DASHES, type Line, type Value } from '#console/web/src/chart/line.ts';

interface DeviceLine {
  device: string;
  deviceName: string;
  instance: string;
  at: readonly number[];
  min: readonly Value[];
  avg: readonly Value[];
  max: readonly Value[];
}

/** Every colour with every dash: beyond it two lines would look alike. */
export const MAX_LINES = COLOURS * DASHES.length;

export interface Drawn {
  lines: Line[];
  /** Lines that are there and not drawn. */
  more: number;
}

/** Devices in the order they were chosen, those of one name numbered. */
export function deviceLines(found: readonly DeviceLine[], chosen: readonly string[]): Drawn {
  const place = new Map(chosen.map((id, index) => [id, index]));
  const ordered = [...found].sort((a, b) => (place.get(a.device) ?? 0) - (place.get(b.device) ?? 0));
  const isOne = new Set(found.map(({ instance }) => instance)).size < 2;
  const names = new Names();
  const lines = ordered.map((line, index): Line => {
    const { at, min, avg, max } = line;
    const name = isOne || line.instance === '' ? line.deviceName : `${line.deviceName} ${line.instance}`;
    return { label: names.next(name), ...lookOf(index), at, min, avg, max };
  });
  return { lines: lines.slice(0, MAX_LINES), more: Math.max(0, lines.length - MAX_LINES) };
}

const lookOf = (index: number) => ({ colour: index % COLOURS, dash: Math.floor(index / COLOURS) % DASHES.length });

/** "web-1", "web-1 (2)": lines are switched and listed by their words. */
class Names {
  readonly #seen = new Map<string, number>();

  next(name: string): string {
    const times = (this.#seen.get(name) ?? 0) + 1;
    this.#seen.set(name, times);
    return times === 1 ? name : `${name} (${times})`;
  }
}

interface Sum {
  at: readonly number[];
  until: number;
  min: readonly Value[];
  avg: readonly Value[];
  max: readonly Value[];
  sum: readonly Value[];
}

/** The average of all with the band between the least and the greatest, and the greatest as a line of its own. */
export function averageLines({ at, min, avg, max }: Sum, words: { average: string; highest: string }): Line[] {
  return [
    { label: words.average, colour: 0, dash: 0, at, min, avg, max },
    { label: words.highest, colour: 1, dash: 1, at, min: max, avg: max, max },
  ];
}

/** Of what flows, all devices together: what came to pass in each bucket over its seconds. */
export function totalLine({ at, until, sum }: Sum, label: string): Line {
  const rates = sum.map((value, index) => {
    const seconds = ((at[index + 1] ?? until) - (at[index] ?? until)) / 1_000;
    return value === null || seconds <= 0 ? null : value / seconds;
  });
  return { label, colour: 2, dash: 0, at, min: rates, avg: rates, max: rates };
}

/** Units whose values of many devices add up to something. */
export const isFlow = (unit: string): boolean => unit.endsWith('/s');
