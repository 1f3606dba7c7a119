// A part of an hour that a relay sealed, as it travels to the metrics worker: one buffer that moves, however many chunks are in it.
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';

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
  chunks: ReadonlyArray<{ device: DeviceId; data: Uint8Array }>;
  isFirst: boolean;
  /** With the last part: what the relay said that it has, written down so that it is not asked again. */
  claim: Claim | undefined;
}

export interface KeepPart extends Omit<HourChunks, 'chunks'> {
  devices: DeviceId[];
  lengths: number[];
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
  return { part: { ...part, devices, lengths: chunks.map(({ data }) => data.length), bytes }, moves: [bytes.buffer] };
}
