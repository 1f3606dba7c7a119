// What a relay asks of event logs and gets back, whatever system keeps them.
import { z } from 'zod';
import { EventLevel } from '#shared/model/record.ts';

/** Which entries of one log are worth carrying. */
export const EventFilter = z.strictObject({
  /** As Windows names it. */
  log: z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ._/()-]{0,254}$/u, 'the name of an event log'),
  /** Entries of these levels, */
  levels: z.array(EventLevel).max(7).default([]),
  /** and those with one of these ids, whatever their level. */
  codes: z.array(z.int().min(0).max(65_535)).max(200).default([]),
  /** Of these sources alone; none named: of all. */
  sources: z.array(z.string().min(1).max(255)).max(100).default([]),
});
export type EventFilter = z.infer<typeof EventFilter>;

/** How far a log is read. */
export interface EventMark {
  /** The number of the last entry that was looked at. */
  entry: number;
  /**
   * When that entry was written. Numbers begin anew in a log that was cleared, and may be past the mark when it is read again: an
   * entry of the same number and another time gives that away. Absent where it is not known.
   */
  at?: number | undefined;
  /** Entries passed over since the last one that was told. */
  dropped: number;
}

/** Marks by the name of the log; a log without one begins near its end. */
export type EventMarks = Readonly<Record<string, EventMark>>;

export interface LogEntry {
  at: number;
  log: string;
  entry: number;
  source: string;
  code: number;
  level: EventLevel;
  message: string;
  dropped?: number;
}

export interface EventReading {
  /** In the order of each log, at most as many as a reading may hold. */
  entries: readonly LogEntry[];
  marks: EventMarks;
  /** More waits: worth asking again soon. */
  hasMore: boolean;
  /** Logs that could not be read, and why, in one word. */
  unread: ReadonlyMap<string, string>;
}

/** Windows' accounts and policies: what an intruder cannot help doing. */
const SECURITY_CODES = [
  1_100, // the service of the log was shut down
  1_102, // the log was cleared
  4_616, // the clock was set
  4_697, // a service was installed
  4_719, // the audit policy was changed
  4_720, // an account was made,
  4_722, // enabled,
  4_724, // given another password,
  4_726, // removed
  4_728, // somebody was put into a group: of the domain,
  4_732, // of this machine (its administrators too),
  4_756, // of the forest
  4_740, // an account was locked
  4_765, // a history of SIDs was added
  4_794, // the restore-mode password was tried
];

/** What is carried unless the relay's configuration says otherwise. */
export const EVENT_FILTERS: readonly EventFilter[] = [
  { log: 'System', levels: ['critical', 'error', 'warning'], codes: [], sources: [] },
  { log: 'Application', levels: ['critical', 'error', 'warning'], codes: [], sources: [] },
  // A failed audit is a refused logon or a privilege that somebody wanted and did not have.
  { log: 'Security', levels: ['audit-failure'], codes: SECURITY_CODES, sources: [] },
  // Windows itself marks a script block that looks like an attack as a warning.
  {
    log: 'Microsoft-Windows-PowerShell/Operational',
    levels: ['critical', 'error', 'warning'],
    codes: [],
    sources: [],
  },
];
