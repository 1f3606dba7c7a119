// What the console and its metrics worker say to each other; both ends are ours, so nothing is parsed.
import type { ErrorCode } from '#shared/base/errors.ts';

export type ToWorker =
  | { is: 'ask'; id: number; name: string; ask: unknown }
  /** Nobody waits for this answer any more. */
  | { is: 'abort'; id: number }
  /** Ends what runs at its next piece, closes the store, and exits. */
  | { is: 'stop' };

export type FromWorker =
  /** The store is open. */
  | { is: 'ready' }
  /** The disk changed what was written: a text that names day and thing. */
  | { is: 'damage'; text: string }
  | { is: 'answer'; id: number; answer: unknown }
  | { is: 'failure'; id: number; code: ErrorCode; message: string };

/** What the thread is started with. */
export interface WorkerStart {
  /** Of the day files; made when it is missing. */
  folder: string;
}
