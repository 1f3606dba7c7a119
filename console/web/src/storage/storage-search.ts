// Whose runs the storage page lists, as it stands in the URL.
import type { JobName } from './storage-data.ts';

export const JOBS: readonly JobName[] = ['roll-up', 'retention', 'archive', 'integrity', 'backup'];

export interface StorageSearch {
  /** Every job's when absent. */
  job?: JobName;
}

export function parseStorageSearch(raw: Record<string, unknown>): StorageSearch {
  const job = JOBS.find((one) => one === raw['job']);
  return job === undefined ? {} : { job };
}
