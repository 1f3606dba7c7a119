// A roster outlives the relay's restart, and its changes are named.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { isSameReach, RosterKeeper } from './roster.ts';

const entry = (n: number, more: Partial<RosterEntry> = {}): RosterEntry => ({
  device: DeviceId.parse(`01900000-0000-7000-8000-00000000000${n}`),
  name: `device ${n}`,
  transport: 'ssh',
  address: `192.0.2.${n}`,
  intervalMs: 60_000,
  ...more,
});

const never = (detail: string) => expect.unreachable(detail);
const fresh = () => path.join(tempFolder(onTestFinished), 'roster.json');

test('a relay without a file holds version 0, and after a restart what it was told last', () => {
  const file = fresh();
  const keeper = new RosterKeeper(file, never);
  expect([keeper.version, keeper.devices]).toEqual([0, []]);
  keeper.apply({ version: 7, devices: [entry(1), entry(2)] });
  const again = new RosterKeeper(file, never);
  expect(again.version).toBe(7);
  expect(again.devices).toEqual([entry(1), entry(2)]);
  expect(again.get(entry(2).device)).toEqual(entry(2));
});

test('added, removed and changed devices are told apart, also when the console counts from a backup', () => {
  const keeper = new RosterKeeper(fresh(), never);
  keeper.apply({ version: 7, devices: [entry(1), entry(2), entry(3)] });
  const change = keeper.apply({ version: 5, devices: [entry(2), entry(3, { port: 2222 }), entry(4)] });
  expect(change).toEqual({ added: [entry(4)], removed: [entry(1)], changed: [entry(3, { port: 2222 })] });
  expect(keeper.version).toBe(5);
  expect(keeper.get(entry(1).device)).toBeUndefined();
});

test.each([{ spn: 'HTTP/fs-1.example.test' }, { realm: 'EXAMPLE.TEST' }, { share: 'jobs' }, { port: 5986 }])(
  'a device that is to be reached by %j is a changed one, and no login of before serves it',
  (more) => {
    const keeper = new RosterKeeper(fresh(), never);
    keeper.apply({ version: 1, devices: [entry(1)] });
    expect(keeper.apply({ version: 2, devices: [entry(1, more)] }).changed).toEqual([entry(1, more)]);
    expect(isSameReach(entry(1), entry(1, more))).toBe(false);
    expect(isSameReach(entry(1), entry(1, { name: 'another', intervalMs: 5_000 }))).toBe(true);
  },
);

test('a roster that names a device twice is refused and changes nothing', () => {
  const file = fresh();
  const keeper = new RosterKeeper(file, never);
  keeper.apply({ version: 1, devices: [entry(1)] });
  expect(() => keeper.apply({ version: 2, devices: [entry(1), entry(1)] })).toThrow('stands in it twice');
  expect(keeper.version).toBe(1);
  expect(new RosterKeeper(file, never).version).toBe(1);
});

test.each([
  ['cut', (text: string) => text.slice(0, 40)],
  ['of another form', (text: string) => text.replace('intervalMs', 'interval')],
])('a file that is %s reads as none, and somebody is told', (_what, spoil) => {
  const file = fresh();
  new RosterKeeper(file, never).apply({ version: 7, devices: [entry(1)] });
  writeFileSync(file, spoil(readFileSync(file, 'utf8')));
  const told: string[] = [];
  expect(new RosterKeeper(file, (detail) => told.push(detail)).version).toBe(0);
  expect(told).toHaveLength(1);
});
