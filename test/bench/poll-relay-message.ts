// What the poll bench and its relay child say to each other over the process channel.
import type { RosterEntry } from '#shared/model/device.ts';

export interface PollRelayConfig {
  roster: RosterEntry[];
  /** Where the relay finds the credential that the roster names. */
  credentialFolder: string;
  concurrency: number;
  timeoutMs: number;
  /** How far back the hot cache is filled before the first poll, and how densely. */
  prefill: { hours: number; intervalMs: number };
}

export type PollRelayRequest =
  | { id: number; op: 'start'; config: PollRelayConfig }
  /** What has happened since the last report. */
  | { id: number; op: 'report' }
  | { id: number; op: 'interval'; intervalMs: number }
  /** Runs `true` on pooled sessions, one after the other, `count` times around the roster. */
  | { id: number; op: 'exec'; count: number }
  | { id: number; op: 'stop' };

export interface PollReport {
  /** Each successful poll, by place in the roster: how long it took, how late it began. */
  polls: Array<[place: number, durationMs: number, lagMs: number]>;
  /** Each failed one. */
  failures: Array<[place: number, reason: string, detail: string]>;
}

export interface PrefillReport {
  records: number;
  samples: number;
  ms: number;
}

export type PollRelayReply =
  | { id: number; op: 'start'; prefill: PrefillReport }
  | { id: number; op: 'report'; report: PollReport }
  | { id: number; op: 'interval' }
  | { id: number; op: 'exec'; ms: number[]; failures: string[] }
  | { id: number; op: 'stop' }
  | { id: number; op: 'failed'; error: string };
