// The frames of an hour on their way to the metrics worker: a part of bounded size, in one buffer that moves.
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { Lane } from '#shared/protocol/lane.ts';
import type { ChainFrames } from './metric-engine.ts';

export interface SealPart {
  site: SiteId;
  hour: number;
  chains: PackedChain[];
  /** All frames, one after the other: one buffer that moves. */
  bytes: Uint8Array<ArrayBuffer>;
  isFirst: boolean;
  isLast: boolean;
  /** The site's own devices, with the first part. */
  devices?: readonly DeviceId[];
}

interface PackedChain {
  relay: RelayId;
  epoch: string;
  lane: Lane;
  lengths: number[];
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
