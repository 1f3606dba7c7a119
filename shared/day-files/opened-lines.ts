// Lines of the names that were asked of a closed day last: pages ask for the same few names again and again, and the day does not change.
import type { HourLine } from './day-store.ts';

/** 40 bytes each: 1.3 MB a file, and 31 MB of the files that are open at a time. A name of 200 sites is 4,800 of them. */
export const MAX_OPENED_TOTALS = 2 ** 15;

type Lines = ReadonlyMap<number, HourLine>;

export class OpenedLines {
  /** By name, least recently used first. */
  readonly #names = new Map<string, Lines>();
  #totals = 0;

  get totals(): number {
    return this.#totals;
  }

  get(name: string): Lines | undefined {
    const known = this.#names.get(name);
    if (known === undefined) return undefined;
    this.#names.delete(name);
    this.#names.set(name, known);
    return known;
  }

  /** Nobody changes them afterwards. Those that were not used for longest go at the bound; what is larger than all of it is not kept. */
  keep(name: string, lines: Lines): void {
    const totals = totalsIn(lines);
    if (totals > MAX_OPENED_TOTALS) return;
    this.#letGo(name);
    this.#names.set(name, lines);
    this.#totals += totals;
    for (const oldest of this.#names.keys()) {
      if (this.#totals <= MAX_OPENED_TOTALS) return;
      this.#letGo(oldest);
    }
  }

  #letGo(name: string): void {
    const lines = this.#names.get(name);
    if (lines === undefined) return;
    this.#names.delete(name);
    this.#totals -= totalsIn(lines);
  }
}

function totalsIn(lines: Lines): number {
  let totals = 0;
  for (const { hours } of lines.values()) totals += hours.length;
  return totals;
}
