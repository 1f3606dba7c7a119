// What the WinRM bench and its relay child say to each other over the process channel.
import type { RosterEntry } from '#shared/model/device.ts';
import type { PollReport } from './poll-relay-message.ts';

export interface WinrmRelayConfig {
  roster: RosterEntry[];
  /** Where the relay keeps its pins. */
  folder: string;
  user: string;
  password: string;
  /** What stand for 5986 and 5985. */
  ports: { tls: number; plain: number };
  concurrency: number;
  timeoutMs: number;
}

export interface WinrmReport extends PollReport {
  /** Logins that the breaker stopped everywhere since the start, each a critical event. */
  alerts: string[];
}

export type WinrmRelayRequest =
  | { id: number; op: 'start'; config: WinrmRelayConfig }
  /** What has happened since the last report. */
  | { id: number; op: 'report' }
  /** All devices are polled now. */
  | { id: number; op: 'again' }
  | { id: number; op: 'stop' };

export type WinrmRelayReply =
  | { id: number; op: 'start' | 'again' | 'stop' }
  | { id: number; op: 'report'; report: WinrmReport }
  | { id: number; op: 'failed'; error: string };
