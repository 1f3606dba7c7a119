// Everything that belongs to one opened spool file: its tables, numbers, writer and epoch.
import type { EpochMs } from '#shared/base/clock.ts';
import { newId, type RandomBytes } from '#shared/base/id.ts';
import type { BatchStore } from './batch-store.ts';
import { BatchWriter } from './batch-writer.ts';
import { LaneBook } from './lane-book.ts';
import type { SampleChains } from './sample-chains.ts';
import { openSpoolFile, type SpoolFileOptions } from './spool-file.ts';

export interface OpenedSpool {
  store: BatchStore;
  book: LaneBook;
  writer: BatchWriter;
  epoch: string;
  createdAt: EpochMs;
  /** Why an earlier file was moved aside, if it was. */
  damage: string | undefined;
}

export function openSpool(
  file: SpoolFileOptions,
  deps: { chains: SampleChains; now: EpochMs; random: RandomBytes },
): OpenedSpool {
  const { store, damage } = openSpoolFile(file, deps.now);
  const { epoch, createdAt } = store.identity(() => ({
    epoch: newId(deps.now, deps.random),
    createdAt: deps.now,
  }));
  const book = new LaneBook(store);
  return { store, book, writer: new BatchWriter({ store, book, chains: deps.chains }), epoch, createdAt, damage };
}
