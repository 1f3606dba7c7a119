// Polls told series by series, an hour at once, are judged as the same polls told one by one: gaps, holes, instances that come and go.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Check } from '#shared/model/check.ts';
import { compileChecks } from './compile-checks.ts';
import { DeviceJudge } from './device-judge.ts';
import { type Episode, Episodes } from './episodes.ts';
import type { SeriesColumn } from './news.ts';
import type { SeriesValue } from './series-values.ts';

const POLL = 60_000;
const SERIES = 'filesystem.used_ratio';

const limits = fc.record({ medium: fc.constantFrom(0.5, 0.7), high: fc.constantFrom(0.8, 0.9) });
const threshold = fc
  .record({
    limits,
    above: fc.boolean(),
    forMs: fc.constantFrom(0, 90_000, 300_000),
    margin: fc.constantFrom(0, 0.1),
    instance: fc.constantFrom(undefined, '/*', '/var'),
  })
  .map(({ instance, ...when }, n = 0) =>
    Check.parse({
      ...{ id: `own.check-${n}`, name: 'own', type: 'custom', isOn: true, advice: '' },
      when: { kind: 'threshold', series: SERIES, ...when, ...(instance === undefined ? {} : { instance }) },
    }),
  );

/** An hour: how long before each poll, and of each instance that is there its values; -1 is unknown. */
const hour = fc.record({
  waits: fc.array(fc.constantFrom(POLL, POLL, POLL, POLL + 5_000, 3 * POLL, 20 * POLL), {
    minLength: 1,
    maxLength: 30,
  }),
  instances: fc.subarray(['/', '/var', '/home']),
  values: fc.infiniteStream(fc.constantFrom(-1, 0.3, 0.45, 0.5, 0.6, 0.75, 0.8, 0.95)),
});

test('by columns as by polls', () => {
  let told = 0;
  fc.assert(
    fc.property(threshold, fc.array(hour, { minLength: 1, maxLength: 6 }), (check, hours) => {
      const [byPolls, byColumns] = [new Episodes(), new Episodes()];
      const one = new DeviceJudge({ checks: compileChecks([check]), pollMs: POLL });
      const other = new DeviceJudge({ checks: compileChecks([check]), pollMs: POLL });
      let at = 1_000 * POLL;
      for (const { waits, instances, values } of hours) {
        const times = Float64Array.from(waits, (wait) => {
          at += wait;
          return at;
        });
        const columns = instances.map(
          (instance): SeriesColumn => ({
            ...{ instance, unit: 'ratio' },
            values: Float64Array.from(times, () => {
              const value = values.next().value;
              return value < 0 ? Number.NaN : value;
            }),
          }),
        );
        for (const [row, then] of times.entries()) {
          const seen = columns.map(({ instance, unit, values: own }): SeriesValue => {
            const value = own[row] ?? Number.NaN;
            return { instance, unit, value: Number.isNaN(value) ? undefined : value };
          });
          byPolls.take(one.take({ type: 'values', at: then, values: new Map([[SERIES, seen]]) }));
        }
        const news = { times, from: 0, to: times.length, columns: new Map([[SERIES, columns]]) };
        byColumns.take(other.takeColumns([SERIES], news));
        expect(byInstance(other.open)).toEqual(byInstance(one.open));
      }
      told += byPolls.all.length;
      expect(sorted(byColumns.all)).toEqual(sorted(byPolls.all));
    }),
    { numRuns: 500 },
  );
  expect(told).toBeGreaterThan(100);
});

const sorted = (all: readonly Episode[]) =>
  [...all].sort((a, b) => a.openedAt - b.openedAt || a.instance.localeCompare(b.instance));

const byInstance = (open: DeviceJudge['open']) => [...open].sort((a, b) => a.instance.localeCompare(b.instance));

test('what is no threshold, and what a script says, is told poll by poll', () => {
  const base = { name: 'own', type: 'custom', isOn: true, advice: '' };
  const when = { kind: 'threshold', above: true, limits: { low: 1 }, forMs: 0, margin: 0 };
  const checks = [
    { ...base, id: 'a.rate', when: { ...when, kind: 'rate', series: 'load.1', withinMs: 60_000, forMs: undefined } },
    { ...base, id: 'a.plain', when: { ...when, series: 'load.1' } },
  ].map((check) => Check.parse(JSON.parse(JSON.stringify(check))));
  const taker = (some: readonly Check[]) =>
    new DeviceJudge({ checks: compileChecks(some), pollMs: POLL }).takerOf(['load.1']);
  expect(taker(checks.slice(0, 1))).toBeDefined();
  expect(taker(checks.slice(1))).toBeUndefined();
});
