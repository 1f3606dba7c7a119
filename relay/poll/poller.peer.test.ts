// The relay's whole way from a roster line to records, facts and state, on this very machine and on a real sshd.
import { expect, onTestFinished, test } from 'vitest';
import { HotCache } from '#relay/cache/hot-cache.ts';
import { collectorList } from '#relay/collect/collector-list.ts';
import { LocalTransport } from '#relay/transport/local/local-transport.ts';
import { DeviceSessions } from '#relay/transport/pool.ts';
import type { SessionPool } from '#relay/transport/transport.ts';
import { DeviceWatch } from '#relay/watch/device-watch.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, newId, systemRandom } from '#shared/base/id.ts';
import { derive } from '#shared/model/derive.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { FactRecord, StateRecord } from '#shared/model/record.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { makeSshRelay } from '#test/peers/ssh-relay.ts';
import { startSshd } from '#test/peers/sshd.ts';
import { FactLedger } from './fact-ledger.ts';
import { Poller } from './poller.ts';

const clock = systemClock;

/** Polls the device as fast as a boost allows until two records, a state and all facts are there. */
async function watchDevice(pool: SessionPool, entry: RosterEntry) {
  const cache = new HotCache({ clock, quotaBytes: 8 * 1_024 * 1_024 });
  const records: PollRecord[] = [];
  const facts: FactRecord[] = [];
  const states: StateRecord[] = [];
  const watch = new DeviceWatch({ onState: (state) => states.push(state), onEvent: () => expect.unreachable() });
  await using poller = new Poller(
    {
      clock,
      pool,
      log: silentLogger,
      collectorFor: collectorList(),
      ledger: new FactLedger({ clock }),
      onPoll: (record) => {
        records.push(record);
        cache.add(record);
      },
      onFact: (record) => facts.push(record),
      onOutcome: (outcome) => watch.observe(outcome),
    },
    { concurrency: 8, timeoutMs: 20_000, inventoryEveryMs: 3_600_000 },
  );
  poller.setRoster([entry]);
  poller.start();
  const deadline = clock.monotonic() + 15_000;
  while ((records.length < 2 || facts.length < 6) && clock.monotonic() < deadline) {
    poller.boost([entry.device], 1_000, 10_000);
    await clock.sleep(100);
  }
  return { cache, records, facts, states, stats: poller.stats() };
}

function expectGood(
  entry: RosterEntry,
  { cache, records, facts, states, stats }: Awaited<ReturnType<typeof watchDevice>>,
) {
  expect(stats).toMatchObject({ failed: 0, devices: 1, failing: 0 });
  expect(states.map(({ status }) => status)).toEqual(['up']);
  const [first, second] = records;
  if (first === undefined || second === undefined) throw new Error('no two polls');
  expect(second.series).toBe(first.series);
  const derived = new Map(
    derive(first, second).map(({ name, instance, value }) => [`${name} ${instance}`.trim(), value]),
  );
  for (const name of ['cpu.used_ratio', 'memory.used_ratio', 'filesystem.used_ratio /']) {
    expect(derived.get(name), name).toBeGreaterThanOrEqual(0);
    expect(derived.get(name), name).toBeLessThanOrEqual(1);
  }
  expect(derived.get('poll.duration')).toBeLessThan(5_000);
  expect(cache.range(entry.device, 0, clock.now() + 1_000).length).toBe(records.length);
  expect(facts.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['os', 'hardware', 'disks', 'network', 'users']),
  );
}

test('this machine, without a network', async () => {
  const pins = new Map();
  const store = {
    get: (id: DeviceId) => pins.get(id),
    set: (id: DeviceId, identity: object) => void pins.set(id, identity),
    delete: (id: DeviceId) => void pins.delete(id),
  };
  const transports = [new LocalTransport({ clock, random: systemRandom })];
  const pool = new DeviceSessions({ clock, transports, pins: store, onIdentity: () => undefined });
  onTestFinished(() => pool.stop());
  const device = DeviceId.parse(newId(clock.now()));
  const entry: RosterEntry = { device, name: 'self', transport: 'local', address: 'localhost', intervalMs: 10_000 };
  expectGood(entry, await watchDevice(pool, entry));
});

test('a real sshd', async () => {
  const sshd = await startSshd();
  onTestFinished(() => sshd.stop());
  const relay = makeSshRelay(tempFolder(onTestFinished), { user: sshd.user, privateKey: sshd.clientKeyPem });
  onTestFinished(() => relay.pool.stop());
  const entry = relay.device(sshd.port);
  expectGood(entry, await watchDevice(relay.pool, entry));
});
