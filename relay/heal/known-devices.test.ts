// What a rule may ask for is what the relay read itself: nothing that a console writes or edits gets in, and it outlives a restart.
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { DeviceId } from '#shared/base/id.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { fitting, readRule } from '#shared/model/standing-rule.ts';
import { KNOWN_DEVICES_SCHEMA, KnownDevices, type SeenSession } from './known-devices.ts';

const A = DeviceId.parse('00000000-0000-7000-8000-00000000000a');
const B = DeviceId.parse('00000000-0000-7000-8000-00000000000b');
const machine = (n: number): DeviceIdentity => ({ machineId: `abcdef012345678${n}`, macs: [] });
const session = (n: number, hostname: string, address = '10.0.0.1'): SeenSession => ({
  ...{ identity: machine(n), system: 'linux', hostname, address },
});

function rig(db = new Database(':memory:')) {
  db.exec(KNOWN_DEVICES_SCHEMA);
  const pins = new Map<DeviceId, DeviceIdentity>([
    [A, machine(1)],
    [B, machine(2)],
  ]);
  const roster = new Set([A, B]);
  const known = new KnownDevices({ transact: (work) => work(db), pins, isHere: (device) => roster.has(device) });
  const reached = (text: string) => {
    const read = readRule(text);
    return read.ok ? fitting(read.filter, known.candidates()).map(({ device }) => device) : read.message;
  };
  return { db, pins, roster, known, reached };
}

const os = (device: DeviceId, id: string) => ({ device, kind: 'os', body: JSON.stringify({ id, version: '12' }) });

test('facts of sessions and of the inventory are asked for together, after a restart too', () => {
  const { db, known, reached } = rig();
  known.noteSession(A, 'ssh', session(1, 'web-1'));
  known.noteSession(B, 'ssh', session(2, 'web-2', '10.9.0.1'));
  expect(reached('os:debian hostname:web-*')).toEqual([]);
  known.noteFact(os(A, 'debian'));
  known.noteFact(os(B, 'debian'));
  expect(reached('os:debian hostname:web-*')).toEqual([A, B]);
  expect(reached('os:debian address:10.0.0.0/16')).toEqual([A]);
  expect(rig(db).reached('os:debian version:12 transport:ssh')).toEqual([A, B]);
});

test('a device that left the roster, or whose pin became another machine, fits nothing', () => {
  const { known, reached, roster, pins } = rig();
  known.noteSession(A, 'ssh', session(1, 'web-1'));
  known.noteSession(B, 'ssh', session(2, 'web-2'));
  roster.delete(B);
  expect(reached('hostname:web-*')).toEqual([A]);
  pins.set(A, machine(7));
  expect(reached('hostname:web-*')).toEqual([]);
  known.noteSession(A, 'ssh', session(7, 'db-1'));
  expect(reached('hostname:db-*')).toEqual([A]);
});

test('a machine that took the place of another begins without what was known of that one', () => {
  const { known, reached, pins } = rig();
  known.noteSession(A, 'ssh', session(1, 'web-1'));
  known.noteFact(os(A, 'debian'));
  pins.set(A, machine(7));
  known.noteSession(A, 'ssh', session(7, 'web-1'));
  expect(reached('os:debian')).toEqual([]);
});

test('one that shows nothing of its identity, and facts of a stranger or without form, reached nothing', () => {
  const { known, reached, pins } = rig();
  pins.set(A, { macs: [] });
  known.noteSession(A, 'local', { ...session(1, 'web-1'), identity: { macs: [] } });
  known.noteFact(os(B, 'debian'));
  known.noteSession(B, 'ssh', session(2, 'web-2'));
  known.noteFact({ device: B, kind: 'os', body: '{"id":7}' });
  expect(reached('hostname:web-1')).toEqual([]);
  expect(reached('os:debian')).toEqual([]);
});
