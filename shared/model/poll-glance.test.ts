// A glance from polls is the glance of the readings derived from them, to the bit.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batches } from '#test/fixtures/poll-arbitrary.ts';
import { derive } from './derive.ts';
import { glanceOfReadings } from './glance.ts';
import { metricByName } from './metric-catalogue.ts';
import { glanceOfPolls } from './poll-glance.ts';
import type { PollRecord } from './poll-record.ts';

const NAMES = [
  ...['system.uptime', 'system.boot', 'load.1', 'memory.total', 'memory.available'].map((name) => [name, '']),
  ...['cpu.user', 'cpu.nice', 'cpu.system', 'cpu.idle', 'cpu.iowait', 'cpu.steal'].map((name) => [name, '']),
  ...['/', '/var'].flatMap((mount) => ['filesystem.used', 'filesystem.available'].map((name) => [name, mount])),
  ...['eth0', 'lo'].flatMap((one) => ['network.rx_bytes', 'network.tx_bytes'].map((name) => [name, one])),
] as const;
const ALL = NAMES.map(([name = '', instance = '']) => ({ metric: metricByName(name)?.id ?? 0, instance }));

/** Two polls of a machine that may lack columns and values, was rebooted or had a counter reset. */
const pair = fc
  .tuple(fc.subarray(ALL, { minLength: 8 }), fc.subarray(ALL, { minLength: 8 }), fc.boolean())
  .chain(([now, other, isSame]) => {
    const then = isSame ? now : other;
    const value = fc.option(fc.nat(40), { nil: undefined, freq: 8 });
    const values = (n: number) => fc.array(value, { minLength: n, maxLength: n });
    return fc.tuple(values(then.length), values(now.length)).map(([before, after]): [PollRecord, PollRecord] => {
      const device = '01900000-0000-7000-8000-000000000001' as PollRecord['device']; // its form is right
      return [
        { device, at: 1, series: then, values: before },
        { device, at: 60_001, series: now, values: after.map((n, i) => (n === undefined ? n : n + (before[i] ?? 0))) },
      ];
    });
  });

const same = (prev: PollRecord | undefined, next: PollRecord) =>
  expect(glanceOfPolls(prev, next)).toEqual(glanceOfReadings(derive(prev, next)));

test('two polls of a machine', () => {
  fc.assert(
    fc.property(pair, ([prev, next]) => {
      same(prev, next);
      same(undefined, next);
    }),
    { numRuns: 2_000 },
  );
});

test('any two polls', () => {
  fc.assert(
    fc.property(batches, (all) => {
      const polls = all.flat();
      for (const [i, poll] of polls.entries()) same(polls[i - 1], poll);
    }),
  );
});
