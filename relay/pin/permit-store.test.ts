// A permit lasts no longer than it says: not over a restart, not for a clock that is set back, not for one that stands still.
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DeviceId, PermitId } from '#shared/base/id.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { checkPermit, type Permit, PermitStore } from './permit-store.ts';

const MINUTE = 60_000;
const NOW = 1_800_000_000_000;
const uuid = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const DEVICE = DeviceId.parse(uuid(3));
const permit = (change: Partial<Permit> = {}): Permit => ({
  id: PermitId.parse(uuid(9)),
  openedAt: NOW,
  seenAt: NOW,
  expiresAt: NOW + 15 * MINUTE,
  devices: [DEVICE],
  reason: 'the console burned',
  by: 'root',
  isThroughFreeze: false,
  ...change,
});

function storeAt(data: string, start = NOW) {
  const clock = new FakeClock(start);
  let turnedMs = 0;
  const ends: string[] = [];
  const store = new PermitStore(data, {
    clock: { now: () => clock.now() + turnedMs, monotonic: () => clock.monotonic() },
    onEnd: (_permit, why) => ends.push(why),
  });
  return { store, clock, ends, turn: (ms: number) => (turnedMs += ms) };
}
const fresh = () => storeAt(tempFolder(onTestFinished));

test('it is in force until its end and no longer, and its end is told once', async () => {
  const { store, clock, ends } = fresh();
  store.open(permit());
  await clock.advance(15 * MINUTE - 1);
  expect(store.current?.id).toBe(permit().id);
  await clock.advance(1);
  expect([store.current, store.current]).toEqual([undefined, undefined]);
  expect(ends).toEqual(['its time is over']);
});

test('a clock that is set back ends it', async () => {
  const { store, clock, ends, turn } = fresh();
  store.open(permit());
  await clock.advance(10 * MINUTE);
  expect(store.current).toBeDefined();
  turn(-9 * MINUTE);
  expect(store.current).toBeUndefined();
  expect(ends).toEqual(['the clock was set back']);
});

test('a clock that is kept back a little at each look does not make it longer', async () => {
  const { store, clock, turn } = fresh();
  store.open(permit());
  for (let n = 0; n < 15; n += 1) {
    await clock.advance(MINUTE);
    turn(-MINUTE + 1);
    void store.current;
  }
  expect(store.current).toBeUndefined();
});

test('a restart keeps its end, and a clock set back meanwhile ends it', async () => {
  const data = tempFolder(onTestFinished);
  const first = storeAt(data);
  first.store.open(permit());
  await first.clock.advance(6 * MINUTE);
  void first.store.current;
  const next = storeAt(data, NOW + 10 * MINUTE);
  expect(next.store.current?.expiresAt).toBe(NOW + 15 * MINUTE);
  await next.clock.advance(5 * MINUTE);
  expect(next.store.current).toBeUndefined();
  const other = tempFolder(onTestFinished);
  const before = storeAt(other);
  before.store.open(permit());
  await before.clock.advance(6 * MINUTE);
  void before.store.current;
  expect(storeAt(other, NOW + MINUTE).store.current).toBeUndefined();
});

test('the time of a restart is never before the signed one that the relay knows', () => {
  const data = tempFolder(onTestFinished);
  storeAt(data).store.open(permit());
  // The clock shows 10:01 again, but an order of 10:20 was verified: the relay's time is the later one.
  expect(storeAt(data, NOW + 20 * MINUTE).store.current).toBeUndefined();
});

test('an hour is the longest, and one at a time', () => {
  const { store } = fresh();
  expect(() => store.open(permit({ expiresAt: NOW + 61 * MINUTE }))).toThrow('1 to 60 minutes');
  store.open(permit());
  expect(() => store.open(permit())).toThrow('broken already');
  store.end('closed');
  store.open(permit({ expiresAt: NOW + 60 * MINUTE }));
});

test('it covers the devices it names, under its own id', () => {
  const other = DeviceId.parse(uuid(4));
  const id = permit().id;
  expect(checkPermit(permit(), { id, devices: [DEVICE] })).toEqual(permit());
  for (const asked of [
    { id, devices: [DEVICE, other] },
    { id: PermitId.parse(uuid(8)), devices: [DEVICE] },
  ])
    expect(() => checkPermit(permit(), asked)).toThrow();
  expect(() => checkPermit(undefined, { id, devices: [DEVICE] })).toThrow('not in force');
});

test('a permit whose end the disk does not take is over all the same', () => {
  const data = tempFolder(onTestFinished);
  const { store, ends } = storeAt(data);
  store.open(permit());
  // A folder in the place of the file: no write can replace it.
  const file = path.join(data, 'identity', 'break-glass.json');
  rmSync(file);
  mkdirSync(path.join(file, 'in the way'), { recursive: true });
  expect(() => store.end('the site was frozen')).toThrow();
  expect(store.current).toBeUndefined();
  expect(ends).toEqual(['the site was frozen']);
});

test('a permit whose time that passed cannot be kept is over, and asking for it breaks nothing else', async () => {
  const data = tempFolder(onTestFinished);
  const { store, ends, clock } = storeAt(data);
  store.open(permit());
  const file = path.join(data, 'identity', 'break-glass.json');
  rmSync(file);
  mkdirSync(path.join(file, 'in the way'), { recursive: true });
  await clock.advance(MINUTE);
  expect([store.current, store.current]).toEqual([undefined, undefined]);
  expect(ends).toEqual(['its file cannot be written']);
});
