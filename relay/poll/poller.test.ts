// The poller on a fake clock: no overlap, no delay by the dead, back-off and quick recovery, boosts that end, a stop that stops.
import { expect, onTestFinished, test } from 'vitest';
import type { Collector, Fact, Sample } from '#relay/collect/collector.ts';
import { DeviceId, newId } from '#shared/base/id.ts';
import { fail, succeed } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { metricByName } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { FactRecord } from '#shared/model/record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { FakeSessionPool } from '#test/fixtures/fake-session-pool.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { FactLedger } from './fact-ledger.ts';
import type { PollOutcome } from './poll-outcome.ts';
import { Poller, type PollerOptions } from './poller.ts';

const HOUR = 3_600_000;
const idOf = (metric: string) => metricByName(metric)?.id ?? -1;

function entries(count: number, intervalMs = 60_000): RosterEntry[] {
  return Array.from({ length: count }, (_, i) => ({
    device: DeviceId.parse(newId(1_767_225_600_000, seededBytes(i + 1))),
    name: `device ${i}`,
    transport: 'ssh',
    address: `127.0.0.${i}`,
    intervalMs,
  }));
}

class Bench {
  readonly clock = new FakeClock();
  readonly pool = new FakeSessionPool(this.clock);
  readonly polls: Array<PollRecord & { mono: number }> = [];
  readonly outcomes: PollOutcome[] = [];
  readonly facts: FactRecord[] = [];
  /** Collections under way per device, and the most there ever were. */
  readonly running = new Map<string, number>();
  mostAtOnce = 0;
  inventory: Fact[] = [{ kind: 'os', body: { name: 'Debian' } }];
  onPoll: (record: PollRecord) => void = () => undefined;
  readonly poller: Poller;

  constructor(options: Partial<PollerOptions> = {}) {
    const { clock, pool } = this;
    this.poller = new Poller(
      {
        clock,
        pool,
        log: silentLogger,
        ledger: new FactLedger({ clock }),
        collectorFor: (system) => (system === 'linux' ? this.#collector() : undefined),
        onPoll: (record) => {
          this.polls.push({ ...record, mono: clock.monotonic() });
          this.onPoll(record);
        },
        onFact: (record) => this.facts.push(record),
        onOutcome: (outcome) => this.outcomes.push(outcome),
      },
      { concurrency: 16, timeoutMs: 20_000, inventoryEveryMs: 6 * HOUR, ...options },
    );
    onTestFinished(() => {
      void this.poller.stop();
    });
  }

  pollsOf = ({ device }: RosterEntry) => this.polls.filter((poll) => poll.device === device);
  callsOf = ({ device }: RosterEntry) => this.pool.calls.filter((call) => call.device === device).map(({ at }) => at);

  #collector(): Collector {
    return {
      system: 'linux',
      collectHot: async (session, signal) => {
        const device = DeviceId.parse(session.hostname);
        const count = (this.running.get(device) ?? 0) + 1;
        this.running.set(device, count);
        this.mostAtOnce = Math.max(this.mostAtOnce, count);
        const isThere = await this.pool.answer(device, signal);
        this.running.set(device, count - 1);
        if (!isThere) return fail('cancelled', 'aborted');
        const samples: Sample[] = [
          { metric: idOf('system.uptime'), instance: '', value: 1 },
          { metric: idOf('poll.duration'), instance: '', value: undefined },
        ];
        return succeed({ samples, wallClockMs: this.clock.now() + 600_000, notices: [] });
      },
      collectCold: async () => succeed({ facts: this.inventory }),
    };
  }
}

const gaps = (times: number[]) => times.slice(1).map((at, i) => at - (times[i] ?? 0));

test('a fresh device is polled at once, 5 s later, then every interval at its own offset', async () => {
  const bench = new Bench();
  const [only] = entries(1, 10_000);
  if (only === undefined) throw new Error('no device');
  bench.poller.setRoster([only]);
  bench.poller.start();
  await bench.clock.advance(120_000);
  const times = bench.pollsOf(only).map(({ mono }) => mono);
  expect(times[0]).toBeLessThan(100);
  expect(gaps(times)[0]).toBeGreaterThanOrEqual(5_000);
  expect(gaps(times)[0]).toBeLessThan(5_150);
  for (const gap of gaps(times).slice(2)) expect(Math.abs(gap - 10_000)).toBeLessThan(150);
  expect(times.length).toBeGreaterThanOrEqual(12);
});

test('a record holds the time of the poll, its duration, and the same columns from poll to poll', async () => {
  const bench = new Bench();
  const roster = entries(1, 10_000);
  const [only] = roster;
  if (only === undefined) throw new Error('no device');
  bench.pool.devices.set(only.device, { latencyMs: 30 });
  bench.poller.setRoster(roster);
  bench.poller.start();
  await bench.clock.advance(8_000);
  const [first, second] = bench.polls;
  expect(first?.values).toEqual([1, 60]); // login and script, 30 ms each
  expect(first?.at).toBe(Date.UTC(2026, 0, 1) + (first?.mono ?? 0));
  expect(second?.series).toBe(first?.series);
  expect(bench.outcomes[0]).toMatchObject({ ok: true, durationMs: 60, clockSkewMs: 600_000 });
});

test('500 devices begin spread out, and no second of a sweep holds more than twice the mean', async () => {
  const bench = new Bench({ concurrency: 64 });
  bench.poller.setRoster(entries(500));
  bench.poller.start();
  await bench.clock.advance(20_000);
  const perSecond = (from: number, seconds: number) =>
    Array.from(
      { length: seconds },
      (_, s) => bench.polls.filter(({ mono }) => Math.floor(mono / 1_000) === from + s).length,
    );
  expect(Math.max(...perSecond(0, 5))).toBeLessThanOrEqual(60); // 50 a second
  await bench.clock.advance(160_000);
  const sweep = perSecond(120, 60);
  expect(sweep.reduce((sum, n) => sum + n, 0)).toBe(500);
  expect(Math.max(...sweep)).toBeLessThanOrEqual((2 * 500) / 60);
});

test('a device that still runs is skipped, never asked twice at once', async () => {
  const bench = new Bench();
  const roster = entries(3, 10_000);
  for (const { device } of roster) bench.pool.devices.set(device, { latencyMs: 4_000 });
  bench.poller.setRoster(roster);
  bench.poller.start();
  await bench.clock.advance(10 * 60_000);
  expect(bench.mostAtOnce).toBe(1);
  expect(bench.poller.stats().failed).toBe(0);
  expect(bench.polls.length).toBeGreaterThan(3 * 25);
});

test.each([{ isDeaf: false }, { isDeaf: true }])('frozen devices delay nobody ($isDeaf)', async ({ isDeaf }) => {
  const lagsOfOthers = async (frozen: number) => {
    const bench = new Bench({ concurrency: 16 });
    const roster = entries(100, 10_000);
    bench.poller.setRoster(roster);
    bench.poller.start();
    await bench.clock.advance(30_000);
    const dead = new Set(roster.slice(0, frozen).map(({ device }) => device));
    for (const device of dead) bench.pool.devices.set(device, { latencyMs: 1, hangs: true, isDeaf });
    await bench.clock.advance(60_000); // the freeze itself may hold a fast place for 2 s
    const before = bench.outcomes.length;
    await bench.clock.advance(300_000);
    const others = bench.outcomes.slice(before).filter(({ device }) => !dead.has(device));
    expect(others.every(({ ok }) => ok)).toBe(true);
    return { count: others.length / (100 - frozen), worst: Math.max(...others.map(({ lagMs }) => lagMs)) };
  };
  const healthy = await lagsOfOthers(0);
  const mixed = await lagsOfOthers(20);
  expect(mixed.count).toBe(healthy.count);
  expect(mixed.worst).toBeLessThanOrEqual(healthy.worst + 25);
});

test('an unreachable device is rechecked once, backs off, and is back within one interval of its return', async () => {
  const bench = new Bench();
  const [only] = entries(1, 60_000);
  if (only === undefined) throw new Error('no device');
  bench.poller.setRoster([only]);
  bench.poller.start();
  await bench.clock.advance(3 * 60_000);
  bench.pool.devices.set(only.device, { latencyMs: 1, fails: 'unreachable' });
  const from = bench.outcomes.length;
  await bench.clock.advance(40 * 60_000);
  const failures = bench.outcomes.slice(from).filter(({ ok }) => !ok);
  const times = failures.map(({ at }) => at);
  expect(gaps(times)[0]).toBeLessThanOrEqual(5_150);
  expect(
    gaps(times)
      .slice(-3)
      .every((gap) => Math.abs(gap - 300_000) < 61_000),
  ).toBe(true);
  expect(bench.poller.stats().probes).toBeGreaterThan(25); // every interval in between
  bench.pool.devices.delete(only.device);
  const back = bench.clock.monotonic();
  await bench.clock.advance(60_000);
  const first = bench.pollsOf(only).find(({ mono }) => mono >= back);
  expect((first?.mono ?? Number.POSITIVE_INFINITY) - back).toBeLessThanOrEqual(60_000);
  expect(bench.poller.stats().failing).toBe(0);
});

test('a frozen device is back within one interval of its thaw', async () => {
  const bench = new Bench();
  const [only] = entries(1, 10_000);
  if (only === undefined) throw new Error('no device');
  bench.poller.setRoster([only]);
  bench.poller.start();
  await bench.clock.advance(20_000);
  bench.pool.devices.set(only.device, { latencyMs: 1, hangs: true });
  await bench.clock.advance(600_000);
  expect(bench.pool.dropped).toContain(only.device);
  bench.pool.devices.delete(only.device);
  const back = bench.clock.monotonic();
  // One attempt may be under way to the frozen device; the next grid point finds it well.
  await bench.clock.advance(20_000);
  expect(bench.pollsOf(only).some(({ mono }) => mono >= back)).toBe(true);
});

test('a device of another identity backs off, and is asked at once when somebody says so', async () => {
  const bench = new Bench();
  const [only] = entries(1, 60_000);
  if (only === undefined) throw new Error('no device');
  bench.pool.devices.set(only.device, { latencyMs: 1, fails: 'identity-changed' });
  bench.poller.setRoster([only]);
  bench.poller.start();
  await bench.clock.advance(HOUR);
  expect(bench.callsOf(only).length).toBeLessThanOrEqual(15);
  bench.pool.devices.delete(only.device);
  bench.poller.pollNow(only.device);
  await bench.clock.advance(300);
  expect(bench.pollsOf(only).length).toBe(1);
});

test('a system nobody collects is a failure with its name', async () => {
  const bench = new Bench();
  const [only] = entries(1);
  if (only === undefined) throw new Error('no device');
  bench.pool.devices.set(only.device, { latencyMs: 1, system: 'unknown' });
  bench.poller.setRoster([only]);
  bench.poller.start();
  await bench.clock.advance(1_000);
  expect(bench.outcomes).toMatchObject([{ ok: false, reason: 'unsupported' }]);
});

test('a boost shortens the interval of the devices looked at, and ends', async () => {
  const bench = new Bench();
  const roster = entries(2, 60_000);
  const [watched, other] = roster;
  if (watched === undefined || other === undefined) throw new Error('no device');
  bench.poller.setRoster(roster);
  bench.poller.start();
  await bench.clock.advance(120_000);
  const count = (entry: RosterEntry) => bench.pollsOf(entry).length;
  const before = count(watched);
  const beforeOther = count(other);
  bench.poller.boost([watched.device], 2_000, 60_000);
  await bench.clock.advance(60_000);
  expect(count(watched) - before).toBeGreaterThanOrEqual(29);
  expect(count(watched) - before).toBeLessThanOrEqual(31);
  expect(count(other) - beforeOther).toBe(1);
  const after = count(watched);
  await bench.clock.advance(300_000);
  expect(count(watched) - after).toBeLessThanOrEqual(6);
  expect(count(watched) - after).toBeGreaterThanOrEqual(4);
});

test('the roster decides: a device that leaves is let go, one reached another way begins anew, others are not disturbed', async () => {
  const bench = new Bench();
  const roster = entries(3, 10_000);
  const [left, moved, same] = roster;
  if (left === undefined || moved === undefined || same === undefined) throw new Error('no device');
  bench.poller.setRoster(roster);
  bench.poller.start();
  await bench.clock.advance(30_000);
  bench.poller.setRoster([
    { ...moved, address: '127.0.0.99' },
    { ...same, name: 'renamed' },
  ]);
  expect(bench.pool.dropped).toEqual([left.device, moved.device]);
  const times = bench.pollsOf(same).length;
  const at = bench.clock.monotonic();
  await bench.clock.advance(30_000);
  expect(bench.pollsOf(left).filter(({ mono }) => mono >= at)).toEqual([]);
  expect(bench.pollsOf(moved).filter(({ mono }) => mono >= at && mono < at + 6_000).length).toBe(2);
  expect(bench.pollsOf(same).length - times).toBeLessThanOrEqual(4);
  expect(bench.poller.stats().devices).toBe(2);
});

test('inventory is read after the first polls and once a span or so, and only what changed is told', async () => {
  const bench = new Bench({ inventoryEveryMs: HOUR });
  const [only] = entries(1, 300_000);
  if (only === undefined) throw new Error('no device');
  bench.poller.setRoster([only]);
  bench.poller.start();
  await bench.clock.advance(60_000);
  expect(bench.facts.map(({ kind, body }) => [kind, body])).toEqual([['os', '{"name":"Debian"}']]);
  expect(bench.facts[0]?.hash).toBe('2441e46ae33f096c485ff28a88c16a5f0c5cf7668c1e4cb06e854c7672c12d02');
  await bench.clock.advance(1.2 * HOUR);
  expect(bench.facts.length).toBe(1);
  bench.inventory = [
    { kind: 'os', body: { name: 'Debian 13' } },
    { kind: 'users', body: { users: [] } },
  ];
  await bench.clock.advance(1.2 * HOUR);
  expect(bench.facts.map(({ kind }) => kind)).toEqual(['os', 'os', 'users']);
});

test('a room that fails to take a record costs that poll only', async () => {
  const bench = new Bench();
  const roster = entries(2, 10_000);
  bench.onPoll = () => {
    throw new Error('full');
  };
  bench.poller.setRoster(roster);
  bench.poller.start();
  await bench.clock.advance(60_000);
  expect(bench.polls.length).toBeGreaterThanOrEqual(12);
  expect(bench.polls.length).toBeLessThanOrEqual(16);
});

test('stop ends all that runs within its grace, deaf transports too, and nothing follows', async () => {
  const bench = new Bench();
  const roster = entries(40, 10_000);
  bench.poller.setRoster(roster);
  bench.poller.start();
  await bench.clock.advance(20_000);
  for (const { device } of roster) bench.pool.devices.set(device, { latencyMs: 1, hangs: true, isDeaf: true });
  await bench.clock.advance(4_000);
  const polls = bench.polls.length;
  let isStopped = false;
  void bench.poller.stop().then(() => {
    isStopped = true;
  });
  await bench.clock.advance(1_000);
  expect(isStopped).toBe(true);
  await bench.clock.advance(60_000);
  expect(bench.polls.length).toBe(polls);
});
