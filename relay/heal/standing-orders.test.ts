// Proves what a relay does by itself: once for one cause, over restarts, with its rest between, within caps, and not when it was withdrawn.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { DeviceId, StandingId } from '#shared/base/id.ts';
import type { Freeze } from '#shared/model/freeze.ts';
import type { AuditRecord, RelayEventRecord } from '#shared/model/record.ts';
import type { SignedStanding, StandingOrder } from '#shared/model/standing-order.ts';
import type { RuleCandidate } from '#shared/model/standing-rule.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { signStanding } from '#shared/seal/standing-seal.ts';
import {
  bench,
  charter,
  DEVICE,
  id,
  identity,
  NOW,
  OTHER,
  settled,
  signer,
  states,
} from '#test/fixtures/executor-bench.ts';
import { StandingOrders } from './standing-orders.ts';

const MINUTE = 60_000;
// The first span that begins after the order was signed.
const FIRST = NOW - (NOW % (60 * MINUTE)) + 60 * MINUTE;

const order: StandingOrder = {
  v: 1,
  kind: 'standing',
  id: StandingId.parse(id(77)),
  site: charter.site,
  relay: id(2) as StandingOrder['relay'], // the bench's own
  name: 'start the app',
  trigger: { type: 'interval', everyMs: 60 * MINUTE },
  targets: [DEVICE, OTHER].map((device) => ({ device, identity })),
  action: { name: 'command.run', arguments: { command: 'uptime' } },
  caps: { timeoutMs: 1_000, outputBytes: 1_024, concurrency: 2 },
  coolDownMs: 10 * MINUTE,
  nbf: NOW + 1, // after the span that begins with NOW
  exp: NOW + 86_400_000,
  charterVersion: 3,
  reason: 'test',
};

type Options = NonNullable<Parameters<typeof bench>[0]>;

async function rig(change: Partial<StandingOrder> = {}, options: Options = {}) {
  const b = bench(options);
  const own = { ...order, ...change };
  const held: Array<{ order: StandingOrder; signed: SignedStanding }> = [
    { order: own, signed: await signStanding(own, [signer]) },
  ];
  const refused: AuditRecord[] = [];
  const alarms: RelayEventRecord[] = [];
  const candidates: Array<RuleCandidate<DeviceId>> = [];
  const orders = new StandingOrders({
    clock: b.clock,
    log: silentLogger,
    store: {
      get orders() {
        return held;
      },
      prune: () => undefined,
    },
    executor: b.executor,
    transact: (work) => work(b.db),
    signedTime: () => 0,
    journalSince: () => 0,
    candidates: () => candidates,
    onAlarm: (event) => void alarms.push(event),
    onRefused: (record) => void refused.push(record),
  });
  const lookAt = async (at: number) => {
    await b.clock.advance(Math.max(0, at - b.clock.now()));
    await orders.look();
  };
  return { ...b, b, held, refused, alarms, candidates, orders, lookAt };
}

test('it fires once in its span, on all its devices, told before its outcomes', async () => {
  const { b, lookAt, ran, events } = await rig();
  await lookAt(FIRST - 1);
  expect(ran).toEqual([]);
  await lookAt(FIRST);
  await settled(b, 2);
  await lookAt(FIRST + 5_000);
  await lookAt(FIRST + 30 * MINUTE);
  expect(ran).toEqual(['uptime', 'uptime']);
  expect(events).toMatchObject([{ type: 'firing', source: 'standing', of: order.id, devices: [DEVICE, OTHER] }]);
  await lookAt(FIRST + 60 * MINUTE);
  await settled(b, 4);
});

test('after a restart the same span does not run again, nor when the clock went back', async () => {
  const first = await rig();
  await first.lookAt(FIRST);
  await settled(first.b, 2);
  for (const now of [FIRST + MINUTE, FIRST + 20 * MINUTE, FIRST]) {
    const next = await rig({}, { db: new Database(first.db.serialize()), now });
    await next.orders.look();
    await next.orders.look();
    expect(next.ran).toEqual([]);
  }
});

test('a device that flaps is acted on once in its rest', async () => {
  const { b, orders, lookAt, ran } = await rig({ trigger: { type: 'device-returned', afterMs: 0 } });
  const flap = async (at: number) => {
    orders.observe({ device: DEVICE, status: 'down' });
    await lookAt(at);
    orders.observe({ device: DEVICE, status: 'up' });
    await orders.look();
  };
  for (const minute of [1, 2, 3]) await flap(NOW + minute * MINUTE);
  await settled(b, 1);
  expect(ran).toHaveLength(1);
  await flap(NOW + 12 * MINUTE);
  await settled(b, 2);
});

test('a first answer after a start is no return', async () => {
  const { orders, ran } = await rig({ trigger: { type: 'device-returned', afterMs: 0 } });
  orders.observe({ device: DEVICE, status: 'up' });
  await orders.look();
  expect(ran).toEqual([]);
});

test('a device that is down long enough fires once for this time it is down', async () => {
  const trigger = { type: 'device-unreachable', device: OTHER, forMs: 5 * MINUTE } as const;
  const { b, orders, lookAt, ran } = await rig({ trigger, targets: [{ device: DEVICE, identity }] });
  orders.observe({ device: OTHER, status: 'down' });
  await lookAt(NOW + 4 * MINUTE);
  expect(ran).toEqual([]);
  await lookAt(NOW + 5 * MINUTE);
  await lookAt(NOW + 25 * MINUTE);
  await settled(b, 1);
  expect(ran).toHaveLength(1);
});

test('one that was withdrawn, or signed before the site was frozen, or found frozen fires nothing and is told once', async () => {
  // Only its presence counts here.
  const frozen = { kind: 'freeze', id: 'f', at: NOW } as unknown as Freeze;
  for (const [options, code] of [
    [{ isStanding: () => false }, 'standing-withdrawn'],
    [{ brakedAt: () => NOW + 1 }, 'frozen'],
    [{ frozen: () => frozen }, 'frozen'],
    [{ charter: () => ({ signers: [] }) }, 'signature-invalid'],
    [{ tiers: { t3: { stopMs: 0, people: 2 } } }, 'signature-missing'],
  ] as const) {
    const { lookAt, ran, refused } = await rig({}, options);
    await lookAt(FIRST);
    await lookAt(FIRST + 5_000);
    expect(ran).toEqual([]);
    expect(refused).toMatchObject([{ verb: 'standing.refuse', code }]);
  }
});

test('it counts in the caps of all orders, and what exceeds them is not done later', async () => {
  const { lookAt, ran, refused } = await rig(
    {},
    { tiers: { t3: { stopMs: 0, devicesPerTenMinutes: 1, devicesPerBatch: 5 } } },
  );
  await lookAt(FIRST);
  await lookAt(FIRST + 11 * MINUTE);
  expect(ran).toEqual([]);
  expect(refused).toMatchObject([{ code: 'cap-exceeded' }]);
});

test('a text that the console made wider fires nothing', async () => {
  const { held, lookAt, ran, refused } = await rig();
  const [one] = held;
  if (one === undefined) throw new Error('nothing is held');
  one.signed = { ...one.signed, text: one.signed.text.replace('uptime', 'reboot') };
  await lookAt(FIRST);
  expect(ran).toEqual([]);
  expect(refused).toMatchObject([{ code: 'signature-invalid' }]);
});

test('one that was withdrawn while it waits for its stop window does not run', async () => {
  let isStanding = true;
  const { b, clock, lookAt, ran } = await rig({}, { tiers: { t3: { stopMs: 30_000 } }, isStanding: () => isStanding });
  await lookAt(FIRST);
  expect(states(b)).toEqual(['accepted', 'accepted']);
  isStanding = false;
  await clock.advance(30_000);
  await settled(b, 2);
  expect(ran).toEqual([]);
});

test('a full disk is no refusal: the cause is answered once there is room, and keeps no other order back', async () => {
  const { held, clock, refused } = await rig();
  const other = { ...order, id: StandingId.parse(id(78)) };
  held.push({ order: other, signed: await signStanding(other, [signer]) });
  const disk = { isFull: true };
  const fired: string[] = [];
  const full = new StandingOrders({
    ...{ clock, log: silentLogger, store: { orders: held, prune: () => undefined } },
    ...{ signedTime: () => 0, journalSince: () => 0, transact: () => [DEVICE, OTHER] as never },
    ...{ candidates: () => [], onAlarm: () => undefined },
    executor: {
      fire: async (one) => {
        const standing = one.kind === 'standing' ? JSON.parse(one.signed.text).id : '';
        if (disk.isFull && standing === order.id) throw new AppError('spool-full', 'no room');
        fired.push(standing);
        return undefined;
      },
    },
    onRefused: (record) => void refused.push(record),
  });
  await clock.advance(FIRST - NOW);
  await full.look();
  expect(fired).toEqual([other.id]);
  disk.isFull = false;
  await full.look();
  expect(fired).toEqual([other.id, order.id]);
  expect(refused).toEqual([]);
});

const RULE = { text: 'os:debian hostname:web-*', atMost: 2 };
const known = (device: DeviceId, hostname: string, machineId: string): RuleCandidate<DeviceId> => ({
  device,
  facts: { system: 'linux', os: 'debian', hostname },
  identity: { machineId, macs: [] },
});
const THIRD = DeviceId.parse(id(5));

test('a rule reaches what fits it when it fires: a device that came later too, and none that fits no more', async () => {
  const { b, candidates, lookAt, ran, events } = await rig({ targets: [], rule: RULE });
  candidates.push(known(DEVICE, 'web-1', 'abcdef0123456789'), known(OTHER, 'db-1', 'bbcdef0123456789'));
  await lookAt(FIRST);
  await settled(b, 1);
  expect(events).toMatchObject([{ type: 'firing', devices: [DEVICE] }]);
  candidates.splice(0, 2, known(OTHER, 'web-2', 'abcdef0123456789'));
  await lookAt(FIRST + 60 * MINUTE);
  await settled(b, 2);
  expect(events.at(-1)).toMatchObject({ devices: [OTHER] });
  expect(ran).toHaveLength(2);
});

test('a rule that fits more devices than were signed does nothing at all, and is loud', async () => {
  const { candidates, lookAt, ran, refused, alarms } = await rig({ targets: [], rule: RULE });
  for (const [n, device] of [DEVICE, OTHER, THIRD].entries())
    candidates.push(known(device, `web-${n}`, `abcdef01234567${n}0`));
  await lookAt(FIRST);
  await lookAt(FIRST + 5_000);
  expect(ran).toEqual([]);
  expect(refused).toMatchObject([{ verb: 'standing.refuse', code: 'cap-exceeded' }]);
  expect(refused[0]?.detail).toContain('fits 3 devices now, and 2 at most were signed');
  expect(alarms).toMatchObject([{ type: 'relay-event', severity: 'critical', code: 'cap-exceeded' }]);
  await lookAt(FIRST + 60 * MINUTE);
  expect(refused).toHaveLength(2);
});

test('a rule that watches for returns acts on the one that came back, when it fits', async () => {
  const trigger = { type: 'device-returned', afterMs: 0 } as const;
  const { b, orders, candidates, lookAt, events } = await rig({ targets: [], rule: RULE, trigger });
  candidates.push(known(DEVICE, 'web-1', 'abcdef0123456789'), known(OTHER, 'db-1', 'bbcdef0123456789'));
  for (const status of ['down', 'up'] as const)
    for (const device of [DEVICE, OTHER]) orders.observe({ device, status });
  await lookAt(NOW + MINUTE);
  await settled(b, 1);
  expect(events).toMatchObject([{ devices: [DEVICE] }]);
});

test('a machine that a console enters under another id rests all the same', async () => {
  const change = { targets: [], rule: RULE, coolDownMs: 90 * MINUTE };
  const { b, candidates, lookAt, ran } = await rig(change);
  candidates.push(known(DEVICE, 'web-1', 'abcdef0123456789'));
  await lookAt(FIRST);
  await settled(b, 1);
  candidates.splice(0, 1, known(OTHER, 'web-1', 'abcdef0123456789'));
  await lookAt(FIRST + 60 * MINUTE);
  expect(ran).toHaveLength(1);
  await lookAt(FIRST + 120 * MINUTE);
  await settled(b, 2);
});

test('what fitted is kept with the order: after a restart the same devices are taken up, whatever fits by then', async () => {
  const first = await rig({ targets: [], rule: RULE }, { tiers: { t3: { stopMs: 60_000 } } });
  first.candidates.push(known(DEVICE, 'web-1', 'abcdef0123456789'));
  await first.lookAt(FIRST);
  expect(first.ran).toEqual([]);
  const next = await rig(
    { targets: [], rule: RULE },
    { db: new Database(first.db.serialize()), now: FIRST + 30_000, tiers: { t3: { stopMs: 60_000 } } },
  );
  await next.executor.recover();
  await next.b.clock.advance(30_000);
  await settled(next.b, 1);
  expect(next.ran).toEqual(['uptime']);
});
