// How far an order came within a relay: the waves its rule makes of the devices, which of them runs, and which never began.
import type { CommandState } from '#shared/model/record.ts';
import { isFailure, waveEnds } from '#shared/seal/rollout.ts';

export interface Wave {
  devices: number;
  done: number;
  failed: number;
  state: 'waiting' | 'running' | 'done' | 'halted';
}

/** Neither begun nor over. */
const UNBEGUN: ReadonlySet<string> = new Set(['queued', 'sent', 'accepted', 'waiting']);
const isOver = (state: string): boolean => !UNBEGUN.has(state) && state !== 'started';
// Only states of commands fail; whatever else a newer console says does not.
const isBad = (state: string): boolean => isFailure(state as CommandState);

/** `states`: of each device, in the order in which the manifest names them; that order makes the waves. */
export function wavesOf(states: readonly string[], canary: number): Wave[] {
  const waves: Wave[] = [];
  let begin = 0;
  for (const end of waveEnds(states.length, canary)) {
    const own = states.slice(begin, end);
    const isNext = waves.every(({ state }) => state === 'done');
    waves.push({
      devices: own.length,
      done: own.filter(isOver).length,
      failed: own.filter(isBad).length,
      state: stateOf(own, isNext),
    });
    begin = end;
  }
  return waves;
}

function stateOf(own: readonly string[], isNext: boolean): Wave['state'] {
  if (own.includes('halted')) return 'halted';
  if (own.every(isOver)) return 'done';
  return isNext && own.some((state) => state !== 'queued' && state !== 'sent') ? 'running' : 'waiting';
}

export interface PartState {
  state: string;
  waitsFor: string | null;
  outcomes: ReadonlyArray<{ state: string; reason: string | null }>;
}

/**
 * A part of a batch that nobody takes any more as it was signed: it waited longer for the first relay than its tier lets a
 * signature be old, or its relay has said so.
 */
export const isLate = ({ state, waitsFor, outcomes }: PartState, signBefore: number, now: number): boolean =>
  state === 'settled'
    ? outcomes.length > 0 &&
      outcomes.every((one) => one.state === 'expired' || (one.state === 'refused' && one.reason === 'manifest-expired'))
    : waitsFor !== null && (state === 'queued' || state === 'sent') && now > signBefore;
