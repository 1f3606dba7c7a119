// What `local` may and what a remote address may not: show nothing and still be taken for the pinned machine.
import { expect, test } from 'vitest';
import { DeviceId, newId } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { FakeSession } from '#test/fixtures/fake-transport.ts';
import { checkIdentity, type IdentityEvent } from './identity-check.ts';

function check(transport: RosterEntry['transport'], pinned: DeviceIdentity, seen: DeviceIdentity) {
  const events: IdentityEvent[] = [];
  const entry: RosterEntry = {
    device: DeviceId.parse(newId(0)),
    name: 'leaf',
    transport,
    address: 'localhost',
    intervalMs: 10_000,
  };
  const pins = { get: () => pinned, set: () => undefined, delete: () => undefined };
  const failure = checkIdentity(entry, new FakeSession({ identity: seen }), {
    pins,
    onIdentity: (event) => events.push(event),
  });
  return { reason: failure?.reason, verdicts: events.map((event) => event.verdict) };
}

const nothing: DeviceIdentity = { macs: [] };
const some: DeviceIdentity = { macs: [], machineId: 'aaaaaaaaaaaaaaaa' };
const other: DeviceIdentity = { macs: [], machineId: 'bbbbbbbbbbbbbbbb' };

test('a container that shows nothing of itself is polled through local again and again', () => {
  expect(check('local', nothing, nothing)).toEqual({ reason: undefined, verdicts: [] });
});

test('a data folder copied to another machine is noticed even through local', () => {
  expect(check('local', some, other)).toEqual({ reason: 'identity-changed', verdicts: ['changed'] });
});

test('a remote machine that shows nothing is not the pinned one', () => {
  expect(check('ssh', some, nothing)).toEqual({ reason: 'identity-changed', verdicts: ['changed'] });
});

test('the same machine with nothing new says nothing', () => {
  expect(check('ssh', some, some)).toEqual({ reason: undefined, verdicts: [] });
});
