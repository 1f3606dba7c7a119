// HELLO and WELCOME from the relay's side: what we say of ourselves, and what an answer means for the spool.

import type { LaneState } from '#relay/spool/spool.ts';
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { Hello, Welcome } from '#shared/protocol/handshake.ts';
import { LANES } from '#shared/protocol/lane.ts';
import { PROTOCOL, PROTOCOL_MIN } from '#shared/protocol/version.ts';

/** What the relay knows of itself beside its spool; asked at each connection. */
export interface HelloFacts {
  version: string;
  hostname: string;
  /** 0 for none. */
  rosterVersion: number;
  charterVersion: number;
}

export function buildHello(facts: HelloFacts, spool: { epoch: string; lanes(): LaneState[] }, clock: Clock): Hello {
  return {
    protoMin: PROTOCOL_MIN,
    protoMax: PROTOCOL,
    version: facts.version.slice(0, 64),
    epoch: spool.epoch,
    lanes: spool.lanes().map(({ lane, oldest, next }) => ({ lane, oldest, next })),
    rosterVersion: facts.rosterVersion,
    charterVersion: facts.charterVersion,
    wall: clock.now(),
    mono: clock.monotonic(),
    hostname: facts.hostname.slice(0, 253),
  };
}

export type WelcomeVerdict =
  | { ok: true }
  /** The console holds numbers this spool never gave: its file was put back from a copy. A new epoch is due. */
  | { ok: false; why: 'ahead'; detail: string }
  | { ok: false; why: 'refused'; code: ErrorCode; detail: string };

export function checkWelcome(welcome: Welcome, lanes: readonly LaneState[]): WelcomeVerdict {
  const { proto } = welcome;
  if (proto > PROTOCOL || proto < PROTOCOL_MIN) {
    const code = proto > PROTOCOL ? 'protocol-newer' : 'protocol-older';
    const detail = `the console speaks protocol ${proto}, this relay ${PROTOCOL_MIN}..${PROTOCOL}`;
    return { ok: false, why: 'refused', code, detail };
  }
  for (const lane of LANES) {
    const mark = welcome.lanes.find((one) => one.lane === lane);
    if (mark === undefined) return malformed(`no watermark of lane ${lane}`);
    if (mark.durable > mark.received) return malformed(`lane ${lane}: durable ${mark.durable} above ${mark.received}`);
    const next = lanes.find((one) => one.lane === lane)?.next ?? 1;
    if (mark.received >= next) {
      return { ok: false, why: 'ahead', detail: `lane ${lane}: it has ${mark.received}, our next is ${next}` };
    }
  }
  return { ok: true };
}

const malformed = (what: string): WelcomeVerdict => ({
  ok: false,
  why: 'refused',
  code: 'frame-malformed',
  detail: `WELCOME: ${what}`,
});

/** How far the console's clock is ahead of ours, taking its answer as made halfway between question and answer. */
export function skewOf(welcome: Welcome, asked: { wall: EpochMs; mono: number }, answeredMono: number): number {
  return Math.round(welcome.serverTime - (asked.wall + (answeredMono - asked.mono) / 2));
}

/** People are told beyond this: certificates, charts and manifests begin to suffer. */
export const SKEW_TOLD_MS = 120_000;
