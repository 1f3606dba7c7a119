// The pool lends only sessions of the machine that was pinned, one per device.
import { setMaxListeners } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { DeviceId, ManifestId, newId } from '#shared/base/id.ts';
import { fail, succeed } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { FakeTransport } from '#test/fixtures/fake-transport.ts';
import type { IdentityEvent } from './identity-check.ts';
import { DeviceSessions } from './pool.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);
const identityA: DeviceIdentity = { macs: [], machineId: 'aaaaaaaaaaaaaaaa', hostKey: 'SHA256:a' };
const identityB: DeviceIdentity = { macs: [], machineId: 'bbbbbbbbbbbbbbbb', hostKey: 'SHA256:b' };
const device = DeviceId.parse(newId(0));
const entry: RosterEntry = { device, name: 'web-1', transport: 'ssh', address: '10.0.0.1', intervalMs: 10_000 };

function setUp(idleMs?: number) {
  const clock = new FakeClock();
  const transport = new FakeTransport();
  const pinned = new Map<DeviceId, DeviceIdentity>();
  const events: IdentityEvent[] = [];
  const pool = new DeviceSessions({
    clock,
    transports: [transport],
    pins: {
      get: (id) => pinned.get(id),
      set: (id, identity) => void pinned.set(id, identity),
      delete: (id) => void pinned.delete(id),
    },
    onIdentity: (event) => events.push(event),
    ...(idleMs === undefined ? {} : { idleMs }),
  });
  transport.devices.set('10.0.0.1', { identity: identityA, hostname: 'web-1' });
  onTestFinished(() => pool.stop());
  return { clock, transport, pinned, events, pool };
}

test('first contact pins the identity and says so; the second session is the same one', async () => {
  const { pool, pinned, events, transport } = setUp();
  const first = await pool.session(entry, never);
  const second = await pool.session(entry, never);
  expect(first.ok && second.ok && first.value === second.value).toBe(true);
  expect(pinned.get(device)).toEqual(identityA);
  expect(events).toMatchObject([{ verdict: 'new', device, hostname: 'web-1', identity: identityA }]);
  expect(transport.opened).toHaveLength(1);
});

test('callers at the same time share one opening', async () => {
  const { pool, transport } = setUp();
  const all = await Promise.all(Array.from({ length: 20 }, () => pool.session(entry, never)));
  expect(all.every((one) => one.ok)).toBe(true);
  expect(transport.opened).toHaveLength(1);
});

test('another machine at the address gets nothing: session closed, pin kept, told once per try', async () => {
  const { pool, pinned, events, transport } = setUp();
  pinned.set(device, identityB);
  const got = await pool.session(entry, never);
  expect(got).toMatchObject({ ok: false, reason: 'identity-changed' });
  expect(transport.opened[0]).toMatchObject({ isOpen: false, scripts: [] });
  expect(pinned.get(device)).toEqual(identityB);
  expect(events).toMatchObject([{ verdict: 'changed', identity: identityA, detail: 'machineId, hostKey differ' }]);
});

test('a machine that shows nothing of what is pinned is not taken for it', async () => {
  const { pool, pinned, transport } = setUp();
  pinned.set(device, { macs: [], serial: 'abc123' });
  transport.devices.set('10.0.0.1', { identity: { macs: [], machineId: 'aaaaaaaaaaaaaaaa' } });
  expect(await pool.session(entry, never)).toMatchObject({ ok: false, reason: 'identity-changed' });
});

test('kinds that were unreadable before are added to the pin once, and pinned ones never change', async () => {
  const { pool, pinned, events } = setUp();
  pinned.set(device, { macs: [], machineId: 'aaaaaaaaaaaaaaaa' });
  expect((await pool.session(entry, never)).ok).toBe(true);
  expect(pinned.get(device)).toEqual(identityA);
  pool.drop(device);
  expect((await pool.session(entry, never)).ok).toBe(true);
  expect(events.map((event) => event.verdict)).toEqual(['enriched']);
});

test('every new session is checked, not only the first', async () => {
  const { pool, transport, events } = setUp();
  expect((await pool.session(entry, never)).ok).toBe(true);
  transport.opened[0]?.close();
  transport.devices.set('10.0.0.1', { identity: identityB });
  expect(await pool.session(entry, never)).toMatchObject({ ok: false, reason: 'identity-changed' });
  expect(events.map((event) => event.verdict)).toEqual(['new', 'changed']);
});

test('a pin that cannot be stored closes the session', async () => {
  const { pool, pinned, transport } = setUp();
  pinned.set = () => {
    throw new Error('disk full');
  };
  await expect(pool.session(entry, never)).rejects.toThrow('opening a session broke');
  expect(transport.opened[0]?.isOpen).toBe(false);
});

test('one caller who stops leaves the opening to the others; when all stop it is abandoned', async () => {
  const { pool, transport } = setUp();
  let openGate: () => void = () => undefined;
  transport.gate = new Promise((resolve) => {
    openGate = resolve;
  });
  const stopOne = new AbortController();
  const stopTwo = new AbortController();
  const one = pool.session(entry, stopOne.signal);
  const two = pool.session(entry, stopTwo.signal);
  await settle();
  stopOne.abort();
  expect(await one).toMatchObject({ ok: false, reason: 'cancelled' });
  stopTwo.abort();
  expect(await two).toMatchObject({ ok: false, reason: 'cancelled' });
  const three = pool.session(entry, never);
  openGate();
  expect((await three).ok).toBe(true);
  expect(transport.opened).toHaveLength(1);
});

test('a session outlives the signal of the caller who opened it', async () => {
  const { pool } = setUp();
  const stop = new AbortController();
  const got = await pool.session(entry, stop.signal);
  stop.abort();
  await settle();
  expect(got.ok && got.value.isOpen).toBe(true);
});

test('a changed roster entry closes the old session and opens another', async () => {
  const { pool, transport } = setUp();
  transport.devices.set('10.0.0.2', { identity: identityA });
  await pool.session(entry, never);
  const moved = await pool.session({ ...entry, address: '10.0.0.2' }, never);
  expect(moved.ok).toBe(true);
  expect(transport.opened.map((session) => session.isOpen)).toEqual([false, true]);
});

test('an idle session is closed, one with a running script is not', async () => {
  const { pool, transport, clock } = setUp(120_000);
  transport.devices.set('10.0.0.2', { identity: identityB, answer: () => new Promise(() => undefined) });
  await pool.session(entry, never);
  const busy = await pool.session({ ...entry, device: DeviceId.parse(newId(1)), address: '10.0.0.2' }, never);
  if (!busy.ok) throw new Error(busy.detail);
  void busy.value.run({ script: ':', timeoutMs: 1, maxOutputBytes: 1 }, never);
  await clock.advance(180_000);
  expect(transport.opened.map((session) => session.isOpen)).toEqual([false, true]);
  expect(pool.size).toBe(1);
});

test('after stop nothing is open, nothing sleeps and nothing opens', async () => {
  const { pool, transport, clock } = setUp();
  await pool.session(entry, never);
  await pool.stop();
  expect(transport.opened[0]?.isOpen).toBe(false);
  expect(clock.sleeping).toBe(0);
  expect(await pool.session(entry, never)).toMatchObject({ ok: false, reason: 'cancelled' });
});

test('an unknown transport is unsupported', async () => {
  const { pool } = setUp();
  expect(await pool.session({ ...entry, transport: 'local' }, never)).toMatchObject({ reason: 'unsupported' });
});

test('a login for both purposes is one session; one per purpose is never lent to the other', async () => {
  const { pool, transport } = setUp();
  const act = { purpose: 'act', order: ManifestId.parse(newId(1)) } as const;
  const shared = [await pool.session(entry, never), await pool.session(entry, never, act)];
  expect(shared.map((one) => one.ok)).toEqual([true, true]);
  expect(transport.opened).toHaveLength(1);
  transport.loginOf = (purpose) => succeed({ serves: [purpose], stamp: purpose });
  const polled = await pool.session(entry, never);
  const ordered = await pool.session(entry, never, act);
  expect(polled.ok && ordered.ok && polled.value !== ordered.value).toBe(true);
  expect(transport.opened).toHaveLength(3);
  expect(transport.purposes).toEqual(['monitor', 'monitor', 'act']);
});

test('a login that may not be used any more keeps no session, and another one opens a new one', async () => {
  const { pool, transport } = setUp();
  await pool.session(entry, never);
  transport.loginOf = () => succeed({ serves: ['monitor', 'act'], stamp: 'changed' });
  await pool.session(entry, never);
  expect(transport.opened.map((session) => session.isOpen)).toEqual([false, true]);
  transport.loginOf = () => fail('credential-not-allowed', 'expired');
  expect(await pool.session(entry, never)).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
  expect(transport.opened.map((session) => session.isOpen)).toEqual([false, false]);
});

test('a session whose login became less while it opened is not lent to an order', async () => {
  const { pool, transport } = setUp();
  let open: () => void = () => undefined;
  transport.gate = new Promise((resolve) => {
    open = resolve;
  });
  const act = { purpose: 'act', order: ManifestId.parse(newId(1)) } as const;
  const polling = pool.session(entry, never);
  const ordering = pool.session(entry, never, act);
  await settle();
  transport.loginOf = (purpose) =>
    purpose === 'act'
      ? fail('credential-not-allowed', 'for monitoring only')
      : succeed({ serves: ['monitor'], stamp: 'monitor' });
  open();
  expect(await ordering).toMatchObject({ ok: false, reason: 'credential-not-allowed' });
  expect((await polling).ok).toBe(true);
});

test('a login that is denied gives way to the one beside it at once; both denied, it ends', async () => {
  const { pool, transport } = setUp();
  let taken = 'second';
  const denied = new Set<string>();
  const picked = () => (denied.has('first') && !denied.has('second') ? 'second' : 'first');
  transport.login = () => succeed({ serves: ['monitor'], stamp: picked() });
  const open = transport.open.bind(transport);
  const tried: string[] = [];
  transport.open = (to, signal, purpose) => {
    const login = picked();
    tried.push(login);
    if (login === taken) return open(to, signal, purpose);
    denied.add(login);
    return Promise.resolve(fail('denied', login));
  };
  expect(await pool.session(entry, never)).toMatchObject({ ok: true });
  expect(tried).toEqual(['first', 'second']);
  taken = 'none';
  pool.drop(device);
  denied.clear();
  tried.length = 0;
  expect(await pool.session(entry, never)).toMatchObject({ ok: false, reason: 'denied' });
  expect(tried).toEqual(['first', 'second', 'first']);
});
