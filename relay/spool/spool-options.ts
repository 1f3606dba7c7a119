// How a spool is opened: where, how large, how long samples wait, and who is told.
import type Database from 'better-sqlite3';
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import type { RelayEventRecord } from '#shared/model/record.ts';
import type { Ballast } from '#shared/runtime/ballast.ts';

export const DEFAULT_QUOTA_BYTES = 2 * 1024 ** 3;

export interface DurableSpoolOptions {
  file: string;
  clock: Clock;
  random?: RandomBytes;
  /** Default 2 GiB: about 30 days of a 500-device site at one poll a minute. */
  quotaBytes?: number;
  /** Longest time a poll or fact waits in memory: 3 s while the link keeps up, else 5 s, unless given. */
  commitMs?: number;
  /** Most samples that wait in memory. */
  commitSamples?: number;
  /** For the log; the event itself is in lane 1 already. */
  onEvent?: (event: RelayEventRecord) => void;
  /** Makes the tables of rooms that share the file, each time a file is opened. */
  prepare?: (db: Database.Database) => void;
  ballast?: Ballast;
  /** Bugs planted by the chaos self-check, which has to catch them. Nothing else sets these. */
  faults?: { synchronous?: 'NORMAL'; skipCrc?: boolean };
}
