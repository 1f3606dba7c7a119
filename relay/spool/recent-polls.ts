// Reads kept samples back as polls, to fill the hot cache after a restart.
import { type EpochMs, hourOf } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { Lane } from '#shared/protocol/lane.ts';
import type { BatchStore, StoredBatch } from './batch-store.ts';

/** Samples live in these lanes only. */
const SAMPLE_LANES = [2, 3] as const satisfies readonly Lane[];

/**
 * Polls since `since`, hour by hour, in order of time within an hour (one hour of a full site is in memory at once).
 * A batch that cannot be read ends its chain here; the sender meets it too and quarantines it.
 */
export function* recentPolls(
  store: BatchStore,
  since: EpochMs,
  isIntact: (batch: StoredBatch) => boolean,
): Generator<PollRecord> {
  for (const hour of store.hoursSince(hourOf(since))) {
    const polls = SAMPLE_LANES.flatMap((lane) => pollsOf(store, lane, hour, isIntact));
    polls.sort((a, b) => a.at - b.at);
    for (const poll of polls) if (poll.at >= since) yield poll;
  }
}

function pollsOf(store: BatchStore, lane: Lane, hour: number, isIntact: (batch: StoredBatch) => boolean): PollRecord[] {
  const polls: PollRecord[] = [];
  let decoder: DeltaDecoder | undefined;
  for (const seq of store.sampleSeqs(lane, hour)) {
    const batch = store.batchAt(lane, seq);
    if (batch?.seq !== seq) continue;
    if (batch.startsChain) decoder = new DeltaDecoder(hour);
    if (!isIntact(batch)) decoder = undefined;
    // Without its beginning a chain says nothing: an acknowledged hour that was freed in part.
    if (decoder !== undefined && !decodeInto(polls, decoder, batch.data)) decoder = undefined;
  }
  return polls;
}

function decodeInto(polls: PollRecord[], decoder: DeltaDecoder, data: Uint8Array): boolean {
  try {
    polls.push(...decoder.decode(data));
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}
