// The options that every verb which opens a session has: how long, why, signed by which key, and how its relay's key is known.
import type { Command } from 'commander';
import type { SessionWish } from './open-session.ts';
import { wholeNumber } from './verb.ts';

export interface SessionOptions {
  time: number;
  reason: string;
  key?: string;
  relayKey?: string;
  owner?: string;
}

/** `minutes` is how long it lasts where nobody says otherwise. */
export const withSessionOptions = (command: Command, minutes: number): Command =>
  command
    .option('--time <minutes>', 'ends after so long in any case', wholeNumber(1, 1_440), minutes)
    .option('--reason <text>', 'why, for the audit', '')
    .option('--key <file>', 'a signing key of your own instead of the one in the data folder')
    .option('--relay-key <fingerprint>', 'as `rmm relay sealing-key` prints it at the relay; remembered')
    .option('--owner <fingerprint>', "of an owner whose signed charter names the relay's key");

/** Ends a session that nobody uses. */
export const withIdleOption = (command: Command): Command =>
  command.option('--idle <seconds>', 'ends after so long without a byte', wholeNumber(10, 3_600), 900);

export function termsOf({ time, reason, key, relayKey, owner }: SessionOptions): Omit<SessionWish, 'target' | 'args'> {
  return { timeoutMs: time * 60_000, reason, keyFile: key, relayKey, owner };
}
