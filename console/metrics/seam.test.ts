// What is sealed and what still comes in make one answer, whichever hour lies where, and nothing is counted twice.
import { expect, onTestFinished, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { journalKit, madePolls, sealedStore } from '#test/fixtures/sealed-kit.ts';
import { deviceNo, HOUR, linkNo } from '#test/fixtures/stream-kit.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import type { RangeAnswer, RangeRequest } from './metric-query.ts';

const HOURS = 6;
const begin = HOUR * HOUR_MS;
const end = (HOUR + HOURS) * HOUR_MS;
const device = deviceNo(1);
const polls = madePolls(device, { from: HOUR, hours: HOURS }, 7);
const { relay, site } = linkNo(1);

const request = (changes: Partial<RangeRequest>): RangeRequest => ({
  ...{ device, site, relays: [relay], names: undefined, from: begin, to: end - 1, maxPoints: 5_000 },
  ...{ intervalMs: 60_000, ...changes },
});

/** Sealed up to one hour, in the journal from another on. */
async function answers(sealedTo: number, journalFrom: number, ask: RangeRequest): Promise<RangeAnswer> {
  const { reads, seal } = sealedStore(onTestFinished);
  const { receive, query } = await journalKit(sqliteEngine, end, reads);
  await seal(
    1,
    polls.filter(({ at }) => at < (HOUR + sealedTo) * HOUR_MS),
  );
  await receive(
    1,
    polls.filter(({ at }) => at >= (HOUR + journalFrom) * HOUR_MS),
  );
  return await query.range(ask);
}

const rounded = ({ series, source }: RangeAnswer) => ({
  source: { ...source, missing: source.missing },
  series: series
    .map((line) => ({
      ...line,
      ...{ min: line.min.map(near), avg: line.avg.map(near), max: line.max.map(near) },
    }))
    .sort((a, b) => (`${a.name} ${a.instance}` < `${b.name} ${b.instance}` ? -1 : 1)),
});
/** Averages are divided at another place, where the sums are the same. */
const near = (value: number | null) => (value === null ? null : Number(value.toPrecision(7)));

test.each<[string, Partial<RangeRequest>, number]>([
  ['every poll', {}, 20],
  ['buckets of ten minutes', { maxPoints: 36 }, 20],
  ['totals of hours', { maxPoints: 6 }, 15],
  ['some names', { names: ['network.rx_rate', 'memory.used', 'disk.latency'], maxPoints: 3 }, 4],
])('%s are the same sealed, half sealed, sealed twice over and not sealed at all', async (_what, changes, atLeast) => {
  const ask = request(changes);
  const sealed = rounded(await answers(HOURS, HOURS, ask));
  expect(sealed.series.length).toBeGreaterThanOrEqual(atLeast);
  expect(sealed.source.missing).toEqual([]);
  for (const [sealedTo, journalFrom] of [
    [0, 0],
    [4, 4],
    [HOURS, 4],
    [1, 0],
  ] as const)
    expect([sealedTo, rounded(await answers(sealedTo, journalFrom, ask))]).toEqual([sealedTo, sealed]);
});

test('an hour that nobody has is missing, and its place is a gap', async () => {
  const { source, series } = await answers(2, 4, request({ names: ['load.1'], maxPoints: 36 }));
  expect(source).toEqual({
    resolution: 'raw',
    missing: [{ from: begin + 2 * HOUR_MS, to: begin + 4 * HOUR_MS }],
    away: false,
  });
  expect(series[0]?.avg.filter((value) => value === null)).toHaveLength(1);
});
