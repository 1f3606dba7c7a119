// What a fake host has seen: tests and benches read it to know what a client really did.
import type { RefusalReason } from './acceptor.ts';

export interface HostCounts {
  connections: number;
  /** Over all connections there ever were. */
  logins: number;
  /** Logins in which somebody proved something, right or wrong: tokens after the challenge. */
  attempts: number;
  refusals: Partial<Record<RefusalReason, number>>;
  /** Carried out, by the last part of their action. */
  requests: Record<string, number>;
  /** Came in the clear over HTTP and were refused. */
  plaintextRefused: number;
  basicRefused: number;
  /** A seal or a frame that was wrong. */
  brokenSeals: number;
  /** WQL queries, by class. */
  queries: Record<string, number>;
}

export const noCounts = (): HostCounts => ({
  connections: 0,
  logins: 0,
  attempts: 0,
  refusals: {},
  requests: {},
  plaintextRefused: 0,
  basicRefused: 0,
  brokenSeals: 0,
  queries: {},
});

export const count = (counts: Record<string, number>, name: string): void => {
  counts[name] = (counts[name] ?? 0) + 1;
};
