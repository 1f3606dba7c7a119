// Counts what is stored, sample by sample and without any cache: the sequence audit compares it with what was made.
import { setImmediate as pause } from 'node:timers/promises';
import type { Db } from '#console/store/engine.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import { fromStored, metricById } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { ChunkStore } from './chunk-store.ts';
import { decodeStored, storedFrames } from './open-chains.ts';

export interface SeriesAudit {
  device: DeviceId;
  name: string;
  instance: string;
  /** Samples stored, repeats counted. */
  count: number;
  /** Different values among them. */
  distinct: number;
  min: number;
  max: number;
}

export interface RelayAudit {
  series: SeriesAudit[];
  frames: number;
  /** Stored frames that do not decode in their place, such as a frame stored twice. */
  undecodable: number;
}

interface Tally extends Omit<SeriesAudit, 'distinct'> {
  seen: Set<number>;
}

/** Walks every stored frame of a relay, holding every distinct value in memory: for tests and audits of bounded runs. */
export async function auditSeries(chunks: ChunkStore, db: Db, relay: RelayId): Promise<RelayAudit> {
  const tallies = new Map<string, Tally>();
  let frames = 0;
  let undecodable = 0;
  for (const tail of await chunks.tails(db, relay, 0, Number.MAX_SAFE_INTEGER)) {
    const decoder = new DeltaDecoder(tail.hour);
    for await (const frame of storedFrames(chunks, db, tail, { pause })) {
      frames += 1;
      const polls = decodeStored(decoder, frame.data);
      if (polls === undefined) undecodable += 1;
      for (const poll of polls ?? []) tally(tallies, poll);
    }
  }
  const series = [...tallies.values()].map(({ seen, ...rest }) => ({ ...rest, distinct: seen.size }));
  return { series, frames, undecodable };
}

function tally(tallies: Map<string, Tally>, poll: PollRecord): void {
  for (const [column, { metric: id, instance }] of poll.series.entries()) {
    const metric = metricById(id);
    const stored = poll.values[column];
    if (metric === undefined || stored === undefined) continue;
    const value = fromStored(metric, stored);
    const key = `${poll.device} ${metric.name} ${instance}`;
    const known = tallies.get(key);
    if (known === undefined) {
      const first = { device: poll.device, name: metric.name, instance, count: 1, min: value, max: value };
      tallies.set(key, { ...first, seen: new Set([value]) });
      continue;
    }
    known.count += 1;
    known.min = Math.min(known.min, value);
    known.max = Math.max(known.max, value);
    known.seen.add(value);
  }
}
