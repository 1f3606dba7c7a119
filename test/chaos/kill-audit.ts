// The count after the kills: relay by relay, file against file, and both against what the lab's devices answered.
import path from 'node:path';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { auditSequence, pollNumber, sumAudits } from '#test/lab/sequence-audit.ts';
import type { Estate, EstateRelay } from './estate.ts';
import { auditRecords, readConsoleRecords, recordsOf } from './record-audit.ts';
import { withSealed } from './sealed-content.ts';
import { auditStream, decodeStream, sumStreams } from './stream-audit.ts';
import { type LaneMark, readConsoleStream, readSpools, type StreamContent, withDatabase } from './stream-content.ts';

export interface KillCounts {
  /** Polls each device of the lab answered. */
  polls: readonly number[];
  /** Where each relay's spool stood when the relay had written everything. */
  marks: ReadonlyMap<string, readonly LaneMark[]>;
  relayKills: number;
}

export async function auditKill(estate: Estate, { polls, marks, relayKills }: KillCounts) {
  const relays: Array<Awaited<ReturnType<typeof auditRelay>>> = [];
  for (const relay of estate.relays) relays.push(await auditRelay(estate, relay, polls, marks.get(relay.id) ?? []));
  const { spooled, stored, lost, dup, foreign, gaps } = sumStreams(relays.map(({ stream }) => stream));
  const sequence = sumAudits(relays.map((relay) => relay.sequence));
  const sum = (pick: (relay: (typeof relays)[number]) => number) =>
    relays.reduce((total, relay) => total + pick(relay), 0);
  const samples = sum((relay) => relay.samples);
  // A poll's samples, on average: what the devices answered is known in polls.
  const perPoll =
    samples /
    Math.max(
      1,
      sum((relay) => relay.spooledPolls),
    );
  const unspooled = Math.round(perPoll * (sequence.made - sum((relay) => relay.spooledPolls)));
  return {
    made: Math.round(perPoll * sequence.made),
    spooled,
    stored,
    // What a spool committed and the console does not hold: by bytes, by decoded polls, by rows of records.
    lost: lost + sum((relay) => relay.missingPolls) + sum(({ records }) => records.lost + records.wrong),
    dup: dup + foreign + sequence.dup + sequence.wrong + sum(({ records }) => records.dup),
    gaps,
    disordered: sum((relay) => relay.disordered),
    undecodable: sum((relay) => relay.undecodable),
    quarantined: withDatabase(
      estate.consoleFile,
      (db) => db.prepare<[], { n: number }>('select count(*) as n from quarantine').get()?.n ?? 0,
    ),
    records: sum(({ records }) => records.told),
    epochs: sum((relay) => relay.epochs) - relays.length,
    unspooled,
    unspooledPerKill: Number((unspooled / Math.max(1, relayKills)).toFixed(1)),
  };
}

async function auditRelay(estate: Estate, relay: EstateRelay, polls: readonly number[], marks: readonly LaneMark[]) {
  const spool = readSpools(relay.folder);
  const journal = readConsoleStream(estate.consoleFile, relay.id);
  const stored = await withSealed(path.dirname(estate.consoleFile), spool, journal);
  const committed = upTo(spool, marks);
  const { lost, gaps } = auditStream(committed, stored);
  const { spooled, stored: there } = auditStream(samplesOf(committed), stored);
  const { dup, foreign, ackedEarly } = auditStream(spool, stored);
  const before = decodeStream(committed.batches);
  const after = decodeStream(stored.batches);
  const records = auditRecords(
    recordsOf(spool.batches.filter((batch) => isWithin(batch, marks))),
    readConsoleRecords(estate.consoleFile, relay.id),
    recordsOf(spool.batches),
  );
  const known = numbersOf(after.polls);
  const made = relay.devices.map(({ index }) => polls[index] ?? 0);
  return {
    stream: { spooled, stored: there, lost, dup, foreign, gaps, ackedEarly },
    // Which device of the lab an id is does not matter for counting: each has its own numbers.
    sequence: {
      ...sumAudits([...known.values()].map((numbers) => auditSequence(numbers, Number.MAX_SAFE_INTEGER))),
      made: made.reduce((sum, n) => sum + n, 0),
    },
    spooledPolls: before.polls.length,
    missingPolls: missing(before.polls, after.polls),
    samples: before.polls.reduce((sum, { values }) => sum + values.filter((value) => value !== undefined).length, 0),
    disordered: after.disordered,
    undecodable: before.undecodable + after.undecodable,
    records,
    epochs: new Set(spool.marks.map(({ epoch }) => epoch)).size,
  };
}

const isWithin = (at: { epoch: string; lane: number; seq: number }, marks: readonly LaneMark[]): boolean =>
  marks.some(({ epoch, lane, next }) => epoch === at.epoch && lane === at.lane && at.seq < next);

/** What was committed before the relays were started for the drain alone. */
const upTo = (spool: StreamContent, marks: readonly LaneMark[]): StreamContent => ({
  ...spool,
  batches: spool.batches.filter((batch) => isWithin(batch, marks)),
});

const samplesOf = (content: StreamContent): StreamContent => ({
  ...content,
  batches: content.batches.filter(({ kind }) => kind === 'samples'),
});

function numbersOf(polls: readonly PollRecord[]): Map<string, Array<number | undefined>> {
  const numbers = new Map<string, Array<number | undefined>>();
  for (const { device, series, values } of polls) {
    const own = numbers.get(device) ?? [];
    own.push(pollNumber(series, values));
    numbers.set(device, own);
  }
  return numbers;
}

/** Polls of one side that the other does not have. */
function missing(one: readonly PollRecord[], other: readonly PollRecord[]): number {
  const keyOf = ({ device, at }: PollRecord) => `${device} ${at}`;
  const there = new Set(other.map(keyOf));
  return one.filter((poll) => !there.has(keyOf(poll))).length;
}
