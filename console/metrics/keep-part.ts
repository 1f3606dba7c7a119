// A part of an hour that a relay sealed, as it travels to the metrics worker: one buffer that moves, however many chunks are in it.
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { Tally } from './hour-tally.ts';

/** What a relay says that an hour of it holds. */
export interface Claim {
  devices: number;
  samples: number;
}

/** What a number in the relay's chunks stands for: a name of the catalogue, and an instance. */
export interface RelaySeries {
  number: number;
  metric: string;
  instance: string;
}

/** Parts of one hour of one relay come one after the other, the last one says so. */
export interface HourChunks {
  relay: RelayId;
  site: SiteId;
  hour: number;
  series: readonly RelaySeries[];
  /** With a tally a chunk that does not hold exactly that is not kept. */
  chunks: ReadonlyArray<{ device: DeviceId; data: Uint8Array; tally?: Tally | undefined }>;
  isFirst: boolean;
  /** With the last part: what the relay said that it has, written down so that it is not asked again. */
  claim: Claim | undefined;
}

export interface KeepPart extends Omit<HourChunks, 'chunks'> {
  devices: DeviceId[];
  lengths: number[];
  tallies: (Tally | undefined)[];
  /** All chunks, one after the other. */
  bytes: Uint8Array<ArrayBuffer>;
}

export function packKeep({ chunks, ...part }: HourChunks): { part: KeepPart; moves: ArrayBuffer[] } {
  const bytes = new Uint8Array(chunks.reduce((sum, { data }) => sum + data.length, 0));
  let at = 0;
  for (const { data } of chunks) {
    bytes.set(data, at);
    at += data.length;
  }
  const devices = chunks.map(({ device }) => device);
  const lengths = chunks.map(({ data }) => data.length);
  const tallies = chunks.map(({ tally }) => tally);
  return { part: { ...part, devices, lengths, tallies, bytes }, moves: [bytes.buffer] };
}
