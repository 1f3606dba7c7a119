// A device is judged by what it says: durations, margins, gaps, what is unknown, what is gone, and what outlives a restart.
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import { Check, type Condition } from '#shared/model/check.ts';
import { metricByName, toStored } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { scriptColumn } from '#shared/model/script-series.ts';
import { compileChecks } from './compile-checks.ts';
import { COUNT_TOLD_EVERY_MS, DeviceJudge } from './device-judge.ts';
import { readJudgeState } from './judge-state.ts';
import type { Transition } from './verdict.ts';

const device = DeviceId.parse('01900000-0000-7000-8000-000000000001');
const POLL = 60_000;
const T0 = 1_800_000_000_000;

const checkOf = (when: Condition, id = 'a.check'): Check =>
  Check.parse({ id, name: 'A check', type: 'performance', when, isOn: true, advice: 'Look.' });

const short = ({ state, severity, at, instance }: Transition): string =>
  `${(at - T0) / POLL} ${state} ${severity} ${instance}`.trim();

/** One judge with a clock in polls. */
class Bench {
  judge: DeviceJudge;
  readonly told: Transition[] = [];
  #former: PollRecord | undefined;
  minute = 0;

  readonly checks: readonly Check[];

  constructor(checks: readonly Check[]) {
    this.checks = checks;
    this.judge = new DeviceJudge({ checks: compileChecks(checks), pollMs: POLL });
  }

  /** A poll in which each named series has a value; undefined is a column without one. */
  poll(values: Readonly<Record<string, number | undefined>>): this {
    const columns = Object.entries(values).map(([key, value]) => {
      const [name = '', instance = ''] = key.split(' ');
      const metric = metricByName(name);
      return metric === undefined
        ? { series: scriptColumn({ name, unit: '', instance }), stored: value === undefined ? value : value * 1_000 }
        : { series: { metric: metric.id, instance }, stored: value === undefined ? value : toStored(metric, value) };
    });
    const record: PollRecord = {
      device,
      at: T0 + this.minute * POLL,
      series: columns.map(({ series }) => series),
      values: columns.map(({ stored }) => stored),
    };
    this.told.push(...this.judge.poll(this.#former, record));
    this.#former = record;
    this.minute += 1;
    return this;
  }

  polls(...loads: Array<number | undefined>): this {
    for (const load of loads) this.poll({ 'load.1': load });
    return this;
  }

  get now(): number {
    return T0 + this.minute * POLL;
  }

  /** As a relay that was killed and started. */
  restart(checks = this.checks): this {
    const saved = readJudgeState(JSON.parse(JSON.stringify(this.judge.save())), (what) => {
      throw new Error(what);
    });
    this.judge = new DeviceJudge({ checks: compileChecks(checks), pollMs: POLL, saved });
    this.told.push(...this.judge.settle(this.now));
    return this;
  }

  get shown(): string[] {
    return this.told.map(short);
  }
}

const load = (over: Partial<Extract<Condition, { kind: 'threshold' }>> = {}): Check =>
  checkOf({
    ...{
      kind: 'threshold',
      series: 'load.1',
      above: true,
      limits: { high: 4, critical: 8 },
      forMs: 2 * POLL,
      margin: 1,
    },
    ...over,
  });

test.each<[string, Array<number | undefined>, string[]]>([
  ['what is reached is held for its time first', [4, 4, 3, 4, 4], []],
  ['and then it opens, with its true begin', [1, 4, 4, 4, 4], ['3 open high']],
  ['the worst limit that holds is its severity', [9, 9, 9, 9], ['2 open critical']],
  ['a worse limit changes it', [4, 4, 4, 8, 8, 8], ['2 open high', '5 change critical']],
  ['a better one changes it back after its time', [8, 8, 8, 5, 5, 5], ['2 open critical', '5 change high']],
  ['within the margin nothing clears', [4, 4, 4, 3.5, 3.5, 3.5, 3.5], ['2 open high']],
  ['beyond the margin it clears after its time', [4, 4, 4, 3, 3, 3], ['2 open high', '5 clear high']],
  ['one bad value on the way back begins it anew', [4, 4, 4, 3, 4, 3, 3, 3], ['2 open high', '7 clear high']],
  ['unknown is neither good nor bad', [4, undefined, 4], ['2 open high']],
  ['three unknown are a gap: the stretch begins anew', [4, undefined, undefined, undefined, 4, 4, 4], ['6 open high']],
  ['unknown clears nothing', [4, 4, 4, undefined, undefined, undefined, undefined, undefined], ['2 open high']],
])('%s', (_what, loads, told) => {
  expect(new Bench([load()]).polls(...loads).shown).toEqual(told);
});

test('a finding has its true times, the value, the limit and words', () => {
  const { told } = new Bench([load()]).polls(1, 4.5, 5, 6, 1, 1, 1);
  expect(told[0]).toMatchObject({ at: T0 + 3 * POLL, since: T0 + POLL, value: 6, limit: 4, unit: 'load' });
  expect(told[0]?.detail).toBe('A check: 6 load, the limit is 4 load for 2 min');
  expect(told[1]).toMatchObject({ state: 'clear', since: T0 + 4 * POLL, value: 1, severity: 'high' });
});

test('below is bad too, and its margin lies above', () => {
  const low = load({ above: false, limits: { low: 2 }, forMs: 0 });
  expect(new Bench([low]).polls(3, 2, 2.5, 3).shown).toEqual(['1 open low', '3 clear low']);
});

test('each instance that fits is judged by itself', () => {
  const check = load({ series: 'disk.depth', instance: 's*', forMs: 0, margin: 0 });
  const bench = new Bench([check]);
  bench.poll({ 'disk.depth sda': 5, 'disk.depth sdb': 1, 'disk.depth nvme0': 9 });
  bench.poll({ 'disk.depth sda': 1, 'disk.depth sdb': 8, 'disk.depth nvme0': 9 });
  expect(bench.shown).toEqual(['0 open high sda', '1 clear high sda', '1 open critical sdb']);
});

test('an instance that is told no more for a quarter of an hour is cleared, while the device goes on telling', () => {
  const bench = new Bench([load({ series: 'filesystem.used', forMs: 0, limits: { high: 4_096 }, margin: 0 })]);
  bench.poll({ 'filesystem.used /mnt': 8_192, 'filesystem.used /': 0 });
  for (let i = 0; i < 15; i += 1) bench.poll({ 'filesystem.used /': 0 });
  expect(bench.shown).toEqual(['0 open high /mnt', '15 clear high /mnt']);
  expect(bench.told[1]?.detail).toContain('does not have it any more');
});

test('what a script says once an hour is not gone between two of its runs', () => {
  const bench = new Bench([load({ series: 'queue.depth', forMs: 0 })]);
  for (let hour = 0; hour < 3; hour += 1) {
    bench.poll({ 'queue.depth': 5, 'load.1': 1 });
    for (let i = 0; i < 59; i += 1) bench.poll({ 'load.1': 1 });
  }
  expect(bench.shown).toEqual(['0 open high']);
});

test('a script that did not run clears nothing, nor does a series of which the device tells no instance', () => {
  const bench = new Bench([load({ series: 'queue.depth', forMs: 0 }), load({ forMs: 0 })]);
  for (let i = 0; i < 3; i += 1) bench.poll({ 'queue.depth mail': 5, 'queue.depth web': 1, 'load.1': 5 });
  for (let i = 0; i < 5 * 1_440; i += 1) bench.poll({ 'process.total': 1 });
  expect(bench.shown).toEqual(['0 open high mail', '0 open high']);
  // It runs again, for one of them first.
  bench.poll({ 'queue.depth web': 1 });
  expect(bench.shown).toHaveLength(2);
  for (let i = 0; i < 20; i += 1) bench.poll({ 'queue.depth web': 1 });
  expect(bench.shown.at(-1)).toContain('clear high mail');
});

test('a relay that was away clears nothing by the first poll after it', () => {
  const bench = new Bench([load({ series: 'filesystem.used', forMs: 0, limits: { high: 4_096 }, margin: 0 })]);
  bench.poll({ 'filesystem.used /mnt': 8_192, 'filesystem.used /': 0 });
  bench.minute += 5_000;
  bench.restart().poll({ 'filesystem.used /': 0 });
  bench.poll({ 'filesystem.used /mnt': 8_192, 'filesystem.used /': 0 });
  expect(bench.shown).toEqual(['0 open high /mnt']);
});

test('after a clock that went back nothing counts as held', () => {
  const bench = new Bench([load()]).polls(4, 4);
  bench.minute = -100;
  expect(bench.polls(4, 4).shown).toEqual([]);
  expect(bench.polls(4).shown).toEqual(['-98 open high']);
});

test('a rate is what a level changed by within its span, known once most of it is', () => {
  const when: Condition = {
    ...{ kind: 'rate', series: 'queue.depth', above: true, limits: { high: 1 }, withinMs: 5 * POLL, margin: 0.5 },
  };
  const bench = new Bench([checkOf(when)]);
  for (let i = 0; i < 8; i += 1) bench.poll({ 'queue.depth': i * 60 });
  expect(bench.shown).toEqual(['4 open high']);
  expect(bench.told[0]).toMatchObject({ value: 1, unit: '/s' });
  for (let i = 0; i < 6; i += 1) bench.poll({ 'queue.depth': 420 });
  expect(bench.shown).toEqual(['4 open high', '10 clear high']);
});

test('a counter that began anew has no rate until its span is known again', () => {
  const when: Condition = {
    ...{ kind: 'rate', series: 'disk.reads', above: true, limits: { high: 1 }, withinMs: 4 * POLL, margin: 0 },
  };
  const bench = new Bench([checkOf(when)]);
  for (const reads of [0, 10, 20, 30, 0, 10_000]) bench.poll({ 'disk.reads sda': reads });
  expect(bench.shown).toEqual([]);
});

test('absence is of what was once said, and only while the device says anything', () => {
  const bench = new Bench([checkOf({ kind: 'absence', series: 'heart.beat', severity: 'high', forMs: 3 * POLL })]);
  bench.poll({ 'load.1': 1 }).poll({ 'heart.beat': 1 });
  for (let i = 0; i < 4; i += 1) bench.poll({ 'load.1': 1 });
  bench.poll({ 'heart.beat': 1 });
  expect(bench.shown).toEqual(['4 open high', '6 clear high']);
  expect(bench.told[0]).toMatchObject({ since: T0 + POLL, value: 3 * POLL });
});

test('the state of the device holds for its time by the clock alone', () => {
  const bench = new Bench([checkOf({ kind: 'state', of: 'device', is: ['down'], severity: 'critical', forMs: POLL })]);
  const { judge } = bench;
  expect(judge.status('down', T0, 'timed-out').map(short)).toEqual([]);
  expect(judge.tick(T0 + POLL / 2)).toEqual([]);
  const [open] = judge.tick(T0 + POLL);
  expect(open).toMatchObject({ state: 'open', since: T0, detail: 'A check: down: timed-out, for 60 s' });
  expect(judge.status('up', T0 + 2 * POLL).map(short)).toEqual(['2 clear critical']);
  expect(judge.status('away', T0 + 3 * POLL)).toEqual([]);
});

test('a service that fails is found by its name, and gone where it is not listed any more', () => {
  const { judge } = new Bench([
    checkOf({ kind: 'state', of: 'service', instance: 'ng*', is: ['failed'], severity: 'high', forMs: 0 }),
  ]);
  const told = (at: number, ...services: Array<{ name: string; active: string | null }>) =>
    judge.fact({ kind: 'services', at: T0 + at * POLL, body: { services } }).map(short);
  expect(told(0, { name: 'nginx', active: 'active' }, { name: 'cron', active: 'failed' })).toEqual([]);
  expect(told(1, { name: 'nginx', active: 'failed' }, { name: 'nghttpx', active: 'failed' })).toEqual([
    '1 open high nginx',
    '1 open high nghttpx',
  ]);
  expect(judge.fact({ kind: 'services', at: T0 + 2 * POLL, body: { unknown: 'denied' } })).toEqual([]);
  expect(told(3, { name: 'nginx', active: null })).toEqual(['3 clear high nghttpx']);
  expect(told(4, { name: 'nginx', active: 'active' })).toEqual(['4 clear high nginx']);
});

const logged = (at: number, code = 7, message = 'The device has a bad block.') => ({
  ...{ at, log: 'System', source: 'disk', code, level: 'error' as const, message },
});
const events = (limits = {}): Check =>
  checkOf({
    kind: 'events',
    log: 'Sys*',
    codes: [7],
    levels: ['error'],
    limits: { high: 3, ...limits },
    withinMs: 10 * POLL,
  });

test('so many events within a span open it; when they have passed it is over', () => {
  const { judge } = new Bench([events()]);
  const see = (minute: number, code?: number) =>
    judge.event(logged(T0 + minute * POLL, code), T0 + minute * POLL).map(short);
  expect([...see(0), ...see(1), ...see(1, 8), ...see(2)]).toEqual(['2 open high']);
  expect(judge.open).toMatchObject([{ count: 3 }]);
  expect(judge.tick(T0 + 9 * POLL)).toEqual([]);
  expect(judge.tick(T0 + 11 * POLL).map(short)).toEqual(['11 clear high']);
});

test('a thousand repeats are counted to the last one and told a few times', () => {
  const { judge } = new Bench([events({ high: 1 })]);
  const told: Transition[] = [];
  for (let i = 0; i < 1_000; i += 1) told.push(...judge.event(logged(T0 + i * 300), T0 + i * 300));
  told.push(...judge.tick(T0 + 300_000 + COUNT_TOLD_EVERY_MS));
  expect(told.at(-1)).toMatchObject({ state: 'change', count: 1_000 });
  expect(told.length).toBeLessThanOrEqual(300_000 / COUNT_TOLD_EVERY_MS + 2);
});

test('an event that is older than the span, or of tomorrow, does not lie about now', () => {
  const { judge } = new Bench([events({ high: 1 })]);
  expect(judge.event(logged(T0 - 11 * POLL), T0)).toEqual([]);
  expect(judge.event(logged(T0 + 1e9), T0).map(short)).toEqual(['0 open high']);
  expect(judge.tick(T0 + 11 * POLL).map(short)).toEqual(['11 clear high']);
});

test('a certificate that ends is found by the clock, each by its own name', () => {
  const day = 86_400_000;
  const { judge } = new Bench([
    checkOf({ kind: 'age', of: 'certificate-end', above: false, limits: { medium: 30 * day, high: 7 * day } }),
  ]);
  const certificates = [
    { subject: 'CN=a', issuer: null, expiresAt: T0 + 31 * day, thumbprint: 'aabbccddee' },
    { subject: 'CN=b', issuer: null, expiresAt: T0 + 90 * day, thumbprint: 'ffbbccddee' },
  ];
  expect(judge.fact({ kind: 'certificates', at: T0, body: { certificates } })).toEqual([]);
  expect(judge.tick(T0 + day)).toMatchObject([{ state: 'open', severity: 'medium', instance: 'CN=a aabbccdd' }]);
  expect(judge.tick(T0 + 24 * day)).toMatchObject([{ state: 'change', severity: 'high' }]);
  expect(judge.tick(T0 + 33 * day)).toEqual([]);
  const renewed = [{ ...certificates[0], expiresAt: T0 + 400 * day, thumbprint: '1111111111' }, certificates[1]];
  expect(judge.fact({ kind: 'certificates', at: T0 + 34 * day, body: { certificates: renewed } })).toMatchObject([
    { state: 'clear', instance: 'CN=a aabbccdd' },
  ]);
});

test('a restart waits since it was first seen, over a restart of the relay', () => {
  const day = 86_400_000;
  const bench = new Bench([checkOf({ kind: 'age', of: 'reboot-pending', above: true, limits: { medium: 7 * day } })]);
  bench.judge.fact({ kind: 'reboot', at: T0, body: { isPending: true, reasons: [] } });
  bench.restart();
  expect(bench.judge.tick(T0 + 6 * day)).toEqual([]);
  expect(bench.judge.tick(T0 + 7 * day)).toMatchObject([{ state: 'open', value: 7 * day }]);
  expect(bench.judge.fact({ kind: 'reboot', at: T0 + 8 * day, body: { isPending: false, reasons: [] } })).toMatchObject(
    [{ state: 'clear' }],
  );
});

test('a restart waits since the machine says so, where it does', () => {
  const day = 86_400_000;
  const bench = new Bench([checkOf({ kind: 'age', of: 'reboot-pending', above: true, limits: { medium: 7 * day } })]);
  const body = { isPending: true, reasons: ['kernel'], since: T0 - 8 * day };
  expect(bench.judge.fact({ kind: 'reboot', at: T0, body })).toMatchObject([{ state: 'open', value: 8 * day }]);
});

test('a script may say how old a backup is', () => {
  const hour = 3_600_000;
  const check = checkOf({ kind: 'age', of: 'backup', above: true, limits: { medium: 48 * hour, high: 72 * hour } });
  const { judge } = new Bench([check]);
  const said = (at: number, hours: number) => {
    const series = [scriptColumn({ name: 'backup.age', unit: 'h', instance: 'nightly' })];
    return judge
      .poll(undefined, { device, at, series, values: [hours * 1_000] })
      .map(({ state, severity }) => `${state} ${severity}`);
  };
  expect(said(T0, 47)).toEqual([]);
  expect(judge.tick(T0 + 2 * hour).map(short)).toEqual(['120 open medium nightly']);
  expect(said(T0 + 3 * hour, 80)).toEqual(['change high']);
  expect(said(T0 + 4 * hour, 1)).toEqual(['clear high']);
});

test.each<['all' | 'any', string[]]>([
  ['all', ['3 open high', '4 clear high']],
  ['any', ['2 open high', '5 clear high']],
])('of several conditions %s must hold, for the time of the whole', (join, told) => {
  const part = (series: string) => ({
    ...{ kind: 'threshold' as const, series, above: true, limits: { high: 5 }, forMs: 0, margin: 0 },
  });
  const when: Condition = { kind: 'compound', join, of: [part('a.b'), part('c.d')], severity: 'high', forMs: POLL };
  const bench = new Bench([checkOf(when)]);
  for (const [a, b] of [
    [1, 1],
    [9, 1],
    [9, 9],
    [9, 9],
    [1, 9],
    [1, 1],
  ])
    bench.poll({ 'a.b': a, 'c.d': b });
  expect(bench.shown).toEqual(told);
});

test('a restart loses no stretch, opens nothing twice and clears what it knows', () => {
  const bench = new Bench([load()]).polls(4, 4).restart().polls(4).restart().polls(4, 1, 1).restart().polls(1);
  expect(bench.shown).toEqual(['2 open high', '6 clear high']);
});

test('other limits keep what was seen; a check that is gone clears what it had opened', () => {
  const bench = new Bench([load()]).polls(5, 5, 5);
  const higher = compileChecks([load({ limits: { high: 6 } })]);
  bench.told.push(...bench.judge.setChecks(higher, bench.now));
  bench.polls(5, 5, 5);
  expect(bench.shown).toEqual(['2 open high', '5 clear high']);
  bench.polls(7, 7, 7).restart([]);
  expect(bench.shown.slice(2)).toEqual(['8 open high', '9 clear high']);
  expect(bench.judge.open).toEqual([]);
});

test('a check that is off is not judged', () => {
  expect(new Bench([{ ...load(), isOn: false }]).polls(9, 9, 9, 9).shown).toEqual([]);
});
