// Compares what a relay's spool committed with what the console stored: everything once, nothing else, in order. Pure.
import { Buffer } from 'node:buffer';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { KeptBatch, KeptGap, LaneMark, StreamContent } from './stream-content.ts';

/** Counted in samples; batches of records count their records. */
export interface StreamAudit {
  /** In batches the spool committed. */
  spooled: number;
  /** Of these, at the console with the same bytes (samples) or applied (records). */
  stored: number;
  /** Neither stored nor told in a GAP. */
  lost: number;
  /** Stored a second time. */
  dup: number;
  /** Stored, and no spool holds such bytes under that number. */
  foreign: number;
  /** Told in GAPs. */
  gaps: number;
  /** Durable by the relay's book and not stored: the console acknowledged too early. */
  ackedEarly: number;
}

export const NOTHING: StreamAudit = { spooled: 0, stored: 0, lost: 0, dup: 0, foreign: 0, gaps: 0, ackedEarly: 0 };

export const sumStreams = (audits: readonly StreamAudit[]): StreamAudit =>
  audits.reduce(
    (sum, one) => ({
      spooled: sum.spooled + one.spooled,
      stored: sum.stored + one.stored,
      lost: sum.lost + one.lost,
      dup: sum.dup + one.dup,
      foreign: sum.foreign + one.foreign,
      gaps: sum.gaps + one.gaps,
      ackedEarly: sum.ackedEarly + one.ackedEarly,
    }),
    NOTHING,
  );

type Place = Pick<KeptBatch, 'epoch' | 'lane' | 'seq'>;
const keyOf = ({ epoch, lane, seq }: Place): string => `${epoch} ${lane} ${seq}`;
const sumOf = (some: ReadonlyArray<{ n: number }>): number => some.reduce((sum, { n }) => sum + n, 0);

/** One relay. The console's record batches leave no bytes behind: that they were applied is what its watermarks say. */
export function auditStream(spool: StreamContent, stored: StreamContent): StreamAudit {
  const frames = new Map(stored.batches.map((frame) => [keyOf(frame), frame]));
  const isStored = (batch: KeptBatch) =>
    batch.kind === 'records' ? isBelow(stored.marks, batch) : isSame(frames.get(keyOf(batch)), batch);
  const [there, missing] = divided(spool.batches, isStored);
  const lost = missing.filter((batch) => !isTold(stored.gaps, batch));
  return {
    spooled: sumOf(spool.batches),
    stored: sumOf(there),
    lost: sumOf(lost),
    ...surplus(spool.batches, stored.batches),
    gaps: sumOf(stored.gaps),
    ackedEarly: ackedEarly(spool.marks, stored.marks),
  };
}

/** Numbers that a relay's book calls durable and the console does not have: asked right after the console died. */
export const ackedEarly = (spool: readonly LaneMark[], stored: readonly LaneMark[]): number =>
  spool.reduce((sum, { epoch, lane, durable }) => {
    const mark = stored.find((one) => one.epoch === epoch && one.lane === lane);
    return sum + Math.max(0, durable - (mark?.durable ?? 0));
  }, 0);

/** Everything the spools numbered has reached the console. */
export const isDrained = (spool: readonly LaneMark[], stored: readonly LaneMark[]): boolean =>
  spool.every(({ epoch, lane, next }) => {
    const mark = stored.find((one) => one.epoch === epoch && one.lane === lane);
    return (mark?.received ?? 0) >= next - 1;
  });

function surplus(spooled: readonly KeptBatch[], frames: readonly KeptBatch[]): Pick<StreamAudit, 'dup' | 'foreign'> {
  const known = new Map(spooled.map((batch) => [keyOf(batch), batch]));
  const contents = new Set(spooled.map(({ data }) => contentOf(data)));
  const extra = frames.filter((frame) => !isSame(known.get(keyOf(frame)), frame));
  const [again, foreign] = divided(extra, ({ data }) => contents.has(contentOf(data)));
  return { dup: sumOf(again), foreign: sumOf(foreign) };
}

const contentOf = (data: Uint8Array): string => Buffer.from(data).toString('latin1');

const isSame = (one: KeptBatch | undefined, other: KeptBatch): boolean =>
  one !== undefined && one.kind === other.kind && one.hour === other.hour && Buffer.compare(one.data, other.data) === 0;

const isBelow = (marks: readonly LaneMark[], { epoch, lane, seq }: Place): boolean =>
  marks.some((mark) => mark.epoch === epoch && mark.lane === lane && mark.received >= seq);

const isTold = (gaps: readonly KeptGap[], { epoch, lane, seq }: Place): boolean =>
  gaps.some((gap) => gap.epoch === epoch && gap.lane === lane && gap.from <= seq && seq <= gap.to);

function divided<T>(all: readonly T[], belongs: (one: T) => boolean): [T[], T[]] {
  const yes: T[] = [];
  const no: T[] = [];
  for (const one of all) (belongs(one) ? yes : no).push(one);
  return [yes, no];
}

export interface DecodedStream {
  /** In the order in which their chains hold them. */
  polls: PollRecord[];
  /** Batches that do not decode in their place, such as one stored twice. */
  undecodable: number;
  /** Polls that stand before an earlier one of their device in the same chain. */
  disordered: number;
}

/** Decodes sample batches as a reader does: one decoder per epoch, lane and hour, in the order of numbers. */
export function decodeStream(batches: readonly KeptBatch[]): DecodedStream {
  const decoders = new Map<string, DeltaDecoder>();
  const lastAt = new Map<string, number>();
  const result: DecodedStream = { polls: [], undecodable: 0, disordered: 0 };
  const samples = batches.filter(({ kind }) => kind === 'samples');
  for (const batch of samples.toSorted((a, b) => a.seq - b.seq)) {
    const chain = `${batch.epoch} ${batch.lane} ${batch.hour}`;
    const decoder = decoders.get(chain) ?? new DeltaDecoder(batch.hour);
    decoders.set(chain, decoder);
    const polls = tryDecode(decoder, batch.data);
    if (polls === undefined) result.undecodable += 1;
    for (const poll of polls ?? []) {
      const key = `${chain} ${poll.device}`;
      if (poll.at < (lastAt.get(key) ?? 0)) result.disordered += 1;
      lastAt.set(key, poll.at);
      result.polls.push(poll);
    }
  }
  return result;
}

function tryDecode(decoder: DeltaDecoder, data: Uint8Array): PollRecord[] | undefined {
  try {
    return decoder.decode(data);
  } catch {
    return undefined;
  }
}
