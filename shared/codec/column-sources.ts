// Finds a device of the chain that already wrote the same columns, so that alike devices send their column names once.
import type { Series } from '#shared/model/metric-catalogue.ts';
import { isSameSeries } from './column-list.ts';

/** FNV-1a over numbers and names: a clash costs one comparison, never a wrong answer. */
function hashOf(series: readonly Series[]): number {
  let hash = 0x811c9dc5;
  for (const { metric, instance } of series) {
    hash = Math.imul(hash ^ metric, 0x01000193);
    for (let i = 0; i < instance.length; i += 1) hash = Math.imul(hash ^ instance.charCodeAt(i), 0x01000193);
  }
  return hash;
}

export class ColumnSources {
  /** Device index by hash of its series; a device has one entry at most, so this never outgrows the devices. */
  readonly #byHash = new Map<number, number>();

  /** A device whose series, by `seriesOf`, equal these now. */
  find(series: readonly Series[], seriesOf: (index: number) => readonly Series[] | undefined): number | undefined {
    const index = this.#byHash.get(hashOf(series));
    const found = index === undefined ? undefined : seriesOf(index);
    return found !== undefined && isSameSeries(found, series) ? index : undefined;
  }

  put(series: readonly Series[], index: number): void {
    this.#byHash.set(hashOf(series), index);
  }

  /** The device has these series no longer. */
  drop(series: readonly Series[], index: number): void {
    const hash = hashOf(series);
    if (this.#byHash.get(hash) === index) this.#byHash.delete(hash);
  }
}
