// Sums of sites, devices and days: the same whether sealed or not, of exactly the devices that were asked for, and hours make days.
import { expect, onTestFinished, test } from 'vitest';
import { HOUR_MS } from '#shared/base/clock.ts';
import { metricByName } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { journalKit, madePolls, sealedStore } from '#test/fixtures/sealed-kit.ts';
import { deviceNo, HOUR, linkNo } from '#test/fixtures/stream-kit.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import type { SumRequest } from './fleet-metrics.ts';

const HOURS = 5;
const begin = HOUR * HOUR_MS;
const end = (HOUR + HOURS) * HOUR_MS;
/** Two sites; the first has three devices. */
const ESTATE: ReadonlyArray<{ link: number; devices: number[] }> = [
  { link: 1, devices: [1, 2, 3] },
  { link: 2, devices: [4] },
];
const pollsOf = (devices: readonly number[]): PollRecord[] =>
  devices.flatMap((n) => madePolls(deviceNo(n), { from: HOUR, hours: HOURS }, n));

const places = ESTATE.map(({ link }) => ({ site: linkNo(link).site, relays: [linkNo(link).relay] }));
const whole: Pick<SumRequest, 'sites' | 'devices' | 'places'> = {
  sites: places.map(({ site }) => site),
  devices: [],
  places,
};

const request = (changes: Partial<SumRequest>): SumRequest => ({
  ...{ ...whole, name: 'network.rx_rate', from: begin, to: end - 1, maxPoints: 600, by: 'hour', zone: 'UTC' },
  ...changes,
});

/** Sealed up to one hour, in the journal from another on. */
async function estate(sealedTo: number, journalFrom = sealedTo) {
  const { reads, seal } = sealedStore(onTestFinished);
  const { receive, fleet } = await journalKit(sqliteEngine, end, reads);
  for (const { link, devices } of ESTATE) {
    await seal(
      link,
      pollsOf(devices).filter(({ at }) => at < (HOUR + sealedTo) * HOUR_MS),
    );
    await receive(
      link,
      pollsOf(devices).filter(({ at }) => at >= (HOUR + journalFrom) * HOUR_MS),
    );
  }
  return fleet;
}

/** Rises of one counter, added up poll by poll. */
function risen(devices: readonly number[], name: string): bigint {
  const [metric, uptime, boot] = [name, 'system.uptime', 'system.boot'].map((one) => metricByName(one)?.id ?? 0);
  let sum = 0n;
  for (const n of devices) {
    const polls = pollsOf([n]);
    for (const [i, poll] of polls.entries()) {
      const before = polls[i - 1];
      const value = (of: PollRecord | undefined, id: number | undefined, at: number) =>
        of?.series[at]?.metric === id ? of?.values[at] : undefined;
      for (const [column, { metric: id }] of poll.series.entries()) {
        if (id !== metric) continue;
        const place = (which: number | undefined) => poll.series.findIndex((one) => one.metric === which);
        const [upNow, upThen] = [value(poll, uptime, place(uptime)), value(before, uptime, place(uptime))];
        const [bootNow, bootThen] = [value(poll, boot, place(boot)), value(before, boot, place(boot))];
        const isOther = bootNow !== undefined && bootThen !== undefined && bootNow !== bootThen;
        const [now, then] = [poll.values[column], before?.values[column]];
        if (isOther || upNow === undefined || upThen === undefined || upNow <= upThen) continue;
        if (now !== undefined && then !== undefined && now >= then) sum += BigInt(now - then);
      }
    }
  }
  return sum;
}

const total = (sums: ReadonlyArray<number | null>): number => sums.reduce<number>((all, one) => all + (one ?? 0), 0);

test('a sum is what its devices rose by, to the byte, sealed, half sealed, twice over and not sealed at all', async () => {
  const expected = Number(risen([1, 2, 3, 4], 'network.rx_bytes'));
  expect(expected).toBeGreaterThan(1e6);
  for (const [sealedTo, journalFrom] of [
    [HOURS, HOURS],
    [HOURS, 2],
    [0, 0],
  ] as const) {
    const answer = await (await estate(sealedTo, journalFrom)).sum(request({}));
    expect([sealedTo, total(answer.sum)]).toEqual([sealedTo, expected]);
    expect(answer.source.missing).toEqual([]);
    expect(answer.at).toHaveLength(HOURS);
  }
});

test.each([['cpu.used_ratio'], ['memory.used_ratio'], ['load.1'], ['network.tx_rate'], ['memory.total']])(
  '%s of a site by its own sums is that of its devices one by one',
  async (name) => {
    const fleet = await estate(HOURS);
    const bySite = await fleet.sum(request({ name }));
    const byDevice = await fleet.sum(request({ name, sites: [], devices: [1, 2, 3, 4].map(deviceNo) }));
    expect(byDevice).toEqual(bySite);
    expect(bySite.count.every((count) => count > 100)).toBe(true);
  },
);

test('who asks for two of three devices gets the sum of two', async () => {
  for (const sealedTo of [HOURS, 0, 3]) {
    const fleet = await estate(sealedTo);
    const some = await fleet.sum(
      request({ sites: [], devices: [deviceNo(1), deviceNo(3)], places: places.slice(0, 1) }),
    );
    if (sealedTo !== 3) expect(total(some.sum)).toBe(Number(risen([1, 3], 'network.rx_bytes')));
    const mixed = await fleet.sum(request({ sites: [linkNo(2).site], devices: [deviceNo(1)] }));
    if (sealedTo !== 3) expect(total(mixed.sum)).toBe(Number(risen([1, 4], 'network.rx_bytes')));
    expect(total(mixed.count)).toBeLessThan(total((await fleet.sum(request({}))).count));
  }
});

test('hours, days and the whole span come to the same, in zones with and without half hours', async () => {
  const fleet = await estate(HOURS);
  const hours = await fleet.sum(request({}));
  const span = await fleet.sum(request({ by: 'span', maxPoints: 2 }));
  expect(total(span.sum)).toBe(total(hours.sum));
  for (const zone of ['UTC', 'Europe/Berlin', 'Asia/Kathmandu', 'Australia/Lord_Howe']) {
    const days = await fleet.sum(request({ by: 'day', zone }));
    expect([zone, total(days.sum), total(days.count)]).toEqual([zone, total(hours.sum), total(hours.count)]);
  }
});

test('devices are ranked by what they did over the span, wherever its hours lie', async () => {
  const ask = { name: 'network.rx_rate', devices: [1, 2, 3, 4].map(deviceNo), places, from: begin, to: end - 1 };
  const { parts } = await (await estate(HOURS)).parts(ask);
  expect(parts).toHaveLength(8);
  const open = await (await estate(0)).parts(ask);
  const key = ({ device, line }: (typeof parts)[number]) => `${device} ${line.instance}`;
  const byKey = new Map(open.parts.map((part) => [key(part), part.line]));
  for (const part of parts) {
    const other = byKey.get(key(part));
    expect([part.line.sum, part.line.count, part.line.max]).toEqual([other?.sum, other?.count, other?.max]);
  }
});
