// The call `seal`: a site's hour comes in parts of bounded size, chain after chain, and is answered when the last one is on disk.
import { AppError } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { DayStore } from '#shared/day-files/day-store.ts';
import type { Lane } from '#shared/protocol/lane.ts';
import { LastRows } from './last-rows.ts';
import type { ChainFrames, Sealed } from './metric-engine.ts';
import { SealHour } from './seal-hour.ts';
import type { CallContext } from './worker-call.ts';

export interface SealPart {
  site: SiteId;
  hour: number;
  chains: PackedChain[];
  /** All frames, one after the other: one buffer that moves. */
  bytes: Uint8Array<ArrayBuffer>;
  isFirst: boolean;
  isLast: boolean;
}

interface PackedChain {
  relay: RelayId;
  epoch: string;
  lane: Lane;
  lengths: number[];
}

/** What the worker remembers between calls, of one store. */
interface Sealing {
  lastRows: LastRows;
  hour: { of: string; seal: SealHour } | undefined;
}

const sealings = new WeakMap<DayStore, Sealing>();

export function sealingOf(store: DayStore): Sealing {
  const known = sealings.get(store);
  if (known !== undefined) return known;
  const made: Sealing = { lastRows: new LastRows(), hour: undefined };
  sealings.set(store, made);
  return made;
}

export function packPart(
  part: Omit<SealPart, 'chains' | 'bytes'>,
  chains: readonly ChainFrames[],
): { part: SealPart; moves: ArrayBuffer[] } {
  const frames = chains.flatMap((chain) => chain.frames);
  const bytes = new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0));
  let at = 0;
  for (const frame of frames) {
    bytes.set(frame, at);
    at += frame.length;
  }
  const packed = chains.map(({ relay, epoch, lane, frames: own }) => ({
    ...{ relay, epoch, lane },
    lengths: own.map((frame) => frame.length),
  }));
  return { part: { ...part, chains: packed, bytes }, moves: [bytes.buffer] };
}

/** What was written is on disk and may stay, whichever part fails: the whole hour comes again, and rows are merged by time. */
export async function sealPart(part: SealPart, context: CallContext): Promise<Sealed | undefined> {
  const sealing = sealingOf(context.store);
  const of = `${part.site} ${part.hour}`;
  const { lastRows } = sealing;
  if (part.isFirst)
    sealing.hour = { of, seal: new SealHour(part.site, part.hour, { ...context, lastRows, giveWay: context.giveWay }) };
  if (sealing.hour?.of !== of) throw new AppError('bad-request', `site ${part.site}: hour ${part.hour} comes without its beginning`);
  const { seal } = sealing.hour;
  try {
    let at = 0;
    for (const { lengths, ...chain } of part.chains) {
      const frames = lengths.map((length) => part.bytes.subarray(at, (at += length)));
      await seal.add({ ...chain, frames });
    }
    if (!part.isLast) return undefined;
    sealing.hour = undefined;
    return await seal.finish();
  } catch (error) {
    sealing.hour = undefined;
    throw error;
  }
}
