// Counts what a chain holds, so that neither a large site nor hostile bytes can make it grow without bound.
import type { ColumnList } from './column-list.ts';
import { MAX_CHAIN_COLUMNS, MAX_CHAIN_DEVICES, MAX_CHAIN_LIST_BYTES } from './delta-format.ts';

export class ChainBudget {
  #devices = 0;
  #columns = 0;
  #listBytes = 0;

  /** The bound that `next` in place of `former` (undefined for a new device) would break, or undefined when it fits. */
  refusal(next: ColumnList, former?: ColumnList): string | undefined {
    if (former === undefined && this.#devices >= MAX_CHAIN_DEVICES) return `more than ${MAX_CHAIN_DEVICES} devices`;
    if (this.#columns + next.series.length - (former?.series.length ?? 0) > MAX_CHAIN_COLUMNS)
      return `more than ${MAX_CHAIN_COLUMNS} series in one chain`;
    if (this.#listBytes + next.bytes - (former?.bytes ?? 0) > MAX_CHAIN_LIST_BYTES)
      return `more than ${MAX_CHAIN_LIST_BYTES} bytes of series names in one chain`;
    return undefined;
  }

  take(next: ColumnList, former?: ColumnList): void {
    if (former === undefined) this.#devices += 1;
    this.#columns += next.series.length - (former?.series.length ?? 0);
    this.#listBytes += next.bytes - (former?.bytes ?? 0);
  }
}
