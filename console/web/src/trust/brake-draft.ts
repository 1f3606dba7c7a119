// What is in force at a site, and the text that a freeze or a thaw is signed as; each behind the one before it in time.

import { AppError } from '#shared/base/errors.ts';
import { FreezeId, newId, SiteId } from '#shared/base/id.ts';
import { type Brake, EVERYWHERE, type Freeze, SignedBrake, type Thaw } from '#shared/model/freeze.ts';
import type { Signature } from '#shared/model/manifest.ts';
import { brakeText, readBrake, readThawOf } from '#shared/seal/freeze-seal.ts';

export interface BrakeRead {
  newest: Brake | undefined;
  /** The freeze in force. */
  frozen: Freeze | undefined;
  /** Under the newest. */
  signatures: readonly Signature[];
  waiting: WaitingThaw | undefined;
}

export interface WaitingThaw {
  thaw: Thaw;
  signed: SignedBrake;
  lacks: string;
}

interface Answer {
  signed: readonly unknown[];
  waiting: { signed: unknown; lacks: string } | null;
}

/**
 * Exactly as they were signed: the texts go into what is signed next. A passkey's tap says nothing of the kind of text, so
 * what the console hands out as a waiting thaw is one of the freeze in force, or the whole answer is refused.
 */
export function readBrakes({ signed, waiting }: Answer): BrakeRead {
  const last = signed.map((one) => SignedBrake.parse(one)).at(-1);
  const newest = last === undefined ? undefined : readBrake(last);
  const frozen = newest?.kind === 'freeze' ? newest : undefined;
  return { newest, frozen, signatures: last?.signatures ?? [], waiting: waitingOf(waiting, frozen) };
}

function waitingOf(waiting: Answer['waiting'], frozen: Freeze | undefined): WaitingThaw | undefined {
  if (waiting === null || frozen === undefined) return undefined;
  const signed = SignedBrake.parse(waiting.signed);
  return { thaw: readThawOf(signed, frozen), signed, lacks: waiting.lacks };
}

interface BrakeAsk {
  site: string;
  brakes: Pick<BrakeRead, 'newest' | 'frozen'>;
  reason: string;
  now: number;
}

function commonOf({ site, brakes, reason, now }: BrakeAsk) {
  // Behind whatever is in force, though this machine's clock be behind the one that signed it.
  const at = Math.max(now, (brakes.newest?.at ?? 0) + 1);
  return { v: 1, site: SiteId.parse(site), id: FreezeId.parse(newId(at)), at, reason } as const;
}

export const draftFreeze = (ask: BrakeAsk): string => brakeText({ kind: 'freeze', ...commonOf(ask) });

/** Of every site at once: one text under one signature. */
export const draftFreezeAll = (reason: string, now: number): string =>
  brakeText({ v: 1, kind: 'freeze', site: EVERYWHERE, id: FreezeId.parse(newId(now)), at: now, reason });

export function draftThaw(ask: BrakeAsk): string {
  const { frozen } = ask.brakes;
  if (frozen === undefined) throw new AppError('conflict', 'the site is not frozen');
  return brakeText({ kind: 'thaw', freezes: frozen.id, ...commonOf(ask) });
}
