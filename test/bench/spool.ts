// `bench spool`: how many outcomes and samples a second one relay makes durable, and what a batch costs beside its bytes.
import path from 'node:path';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import type { SpoolItem } from '#relay/spool/read-lane.ts';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { encodeFrame } from '#shared/protocol/wire-codec.ts';
import { pollsOfMix } from '#test/fixtures/metric-mix.ts';
import { audit } from '#test/fixtures/spool-kit.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { Bench } from './bench.ts';
import { rounded } from './statistics.ts';

const SEED = 1;
const GROUP = 100;

/** Things done a second of wall time: fsync is what is measured. */
function perSecond(n: number, work: () => void): number {
  const begin = systemClock.monotonic();
  work();
  return Math.round((n * 1_000) / (systemClock.monotonic() - begin));
}

function writeOutcomes(spool: DurableSpool, n: number, group: number): void {
  for (let i = 0; i < n; i += group) {
    spool.addRecords(
      0,
      Array.from({ length: group }, (_, k) => audit(systemClock.now(), `outcome ${i + k}`)),
    );
  }
}

function readLane(spool: DurableSpool): SpoolItem[] {
  const items: SpoolItem[] = [];
  for (let seq = 1; ; seq += 1) {
    const [item] = spool.read(3, seq, 1, 1);
    if (item === undefined) return items;
    items.push(item);
  }
}

const frameBytes = (item: SpoolItem): number =>
  'batch' in item
    ? encodeFrame({ id: item.batch.seq, type: 'BATCH', body: item.batch }).length - item.batch.data.length
    : 0;

export const benchSpool: Bench = async ({ isQuick, say }) => {
  const begin = systemClock.monotonic();
  await using folder = makeTempFolder('rmm-bench-spool');
  const spool = new DurableSpool({ file: path.join(folder.path, 'spool.db'), clock: systemClock });
  const outcomes = isQuick ? 500 : 5_000;
  const outcomesPerS = perSecond(outcomes, () => writeOutcomes(spool, outcomes, 1));
  const groupedPerS = perSecond(outcomes * 10, () => writeOutcomes(spool, outcomes * 10, GROUP));
  say(`${outcomesPerS} outcomes a second, each with its own commit`);
  const from = Math.floor(systemClock.now() / HOUR_MS) * HOUR_MS;
  const sweeps = pollsOfMix({ devices: 500, columns: 30, seed: SEED, from });
  const polls = Array.from({ length: isQuick ? 5 : 60 }, () => sweeps.next().value ?? []).flat();
  const diskBefore = spool.stats().bytes;
  const samples = polls.length * 30;
  const samplesPerS = perSecond(samples, () => {
    for (const poll of polls) spool.addPoll(poll);
    spool.flush();
  });
  const { lanes, bytes } = spool.stats();
  const { batches = 0, bytes: payload = 0 } = lanes[3] ?? {};
  let items: SpoolItem[] = [];
  const readPerS = perSecond(batches, () => {
    items = readLane(spool);
  });
  const refillPerS = perSecond(polls.length, () => {
    for (const _poll of spool.recentPolls(from));
  });
  await spool.stop();
  return {
    name: 'bench spool',
    durationMs: systemClock.monotonic() - begin,
    figures: {
      outcomesPerS,
      groupedPerS,
      samplesPerS,
      readPerS,
      refillPollsPerS: refillPerS,
      bytesPerSample: rounded(payload / samples),
      diskOverheadPerBatch: Math.round((bytes - diskBefore - payload) / batches),
      frameOverheadPerBatch: Math.round(items.reduce((sum, item) => sum + frameBytes(item), 0) / batches),
    },
    details: { seed: SEED, samples, batches, group: GROUP },
  };
};
