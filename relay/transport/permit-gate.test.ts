// The gates let in as many as they say, in order, and nobody waits for ever.
import { setMaxListeners } from 'node:events';
import { expect, test } from 'vitest';
import { fail } from '#shared/base/outcome.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { HandshakeGate } from './handshake-gate.ts';
import { PermitGate } from './permit-gate.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);
const stopped = () => fail('cancelled', 'stopped');

test('so many are inside, the next enters when one leaves, in the order of coming', async () => {
  const gate = new PermitGate({ name: 'test', limit: 2, maxWaiting: 10 });
  const order: number[] = [];
  const first = await gate.enter(never, stopped);
  await gate.enter(never, stopped);
  for (const n of [3, 4]) void gate.enter(never, stopped).then(() => order.push(n));
  await settle();
  expect(order).toEqual([]);
  if (first.ok) {
    first.value();
    first.value();
  }
  await settle();
  expect(order).toEqual([3]);
});

test('a full queue refuses at once', async () => {
  const gate = new PermitGate({ name: 'channels', limit: 1, maxWaiting: 1 });
  await gate.enter(never, stopped);
  void gate.enter(never, stopped);
  expect(await gate.enter(never, stopped)).toMatchObject({
    ok: false,
    reason: 'refused',
    detail: 'channels: 1 are waiting already',
  });
});

test('who stops waiting leaves the queue', async () => {
  const gate = new PermitGate({ name: 'test', limit: 1, maxWaiting: 1 });
  const inside = await gate.enter(never, stopped);
  const stop = new AbortController();
  const waiting = gate.enter(stop.signal, stopped);
  stop.abort();
  expect(await waiting).toMatchObject({ ok: false, reason: 'cancelled' });
  expect(gate.waiting).toBe(0);
  if (inside.ok) inside.value();
  expect((await gate.enter(never, stopped)).ok).toBe(true);
});

test('a site computes sixteen handshakes at once, and a wait for one ends after a minute', async () => {
  const clock = new FakeClock();
  const gate = new HandshakeGate({ clock, random: seededBytes(1) });
  const inside = await Promise.all(Array.from({ length: 16 }, () => gate.handshake('web', never)));
  expect(inside.every((one) => one.ok)).toBe(true);
  const late = gate.handshake('web-17', never);
  await clock.advance(60_000);
  expect(await late).toMatchObject({ ok: false, reason: 'timed-out' });
  expect(clock.sleeping).toBe(0);
});

test('connections that had to wait begin at different moments', async () => {
  const clock = new FakeClock();
  const gate = new HandshakeGate({ clock, random: seededBytes(1) });
  const inside = await Promise.all(Array.from({ length: 64 }, () => gate.connect('web', never)));
  const began: number[] = [];
  const rest = Array.from({ length: 20 }, () => gate.connect('web', never).then(() => began.push(clock.monotonic())));
  await settle();
  for (const one of inside) if (one.ok) one.value();
  await clock.advance(100);
  await Promise.all(rest);
  expect(new Set(began).size).toBeGreaterThan(10);
});
