// A wrong secret is offered so rarely that no account is ever locked by a relay.
import { setMaxListeners } from 'node:events';
import { expect, test } from 'vitest';
import { DeviceId, newId } from '#shared/base/id.ts';
import { FakeClock, settle } from '#test/fixtures/fake-clock.ts';
import { CredentialBreaker, type Permit, type Verdict } from './credential-breaker.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);
const ids = Array.from({ length: 32 }, () => DeviceId.parse(newId(0)));
const device = (n: number) => ids[n] ?? DeviceId.parse(newId(n));
const secret = (version = 'v1') => ({ name: 'web', version });
const MINUTE = 60_000;

function setUp() {
  const clock = new FakeClock();
  const breaker = new CredentialBreaker(clock);
  const take = async (n: number, version?: string): Promise<Permit> => {
    const got = await breaker.permit(secret(version), device(n), never);
    if (!got.ok) throw new Error(got.detail);
    return got.value;
  };
  const offer = async (n: number, verdict: Verdict, version?: string) => (await take(n, version)).settle(verdict);
  const isRefused = async (n: number, version?: string) => {
    const got = await breaker.permit(secret(version), device(n), never);
    if (got.ok) got.value.settle('not-tried');
    return !got.ok;
  };
  return { clock, breaker, take, offer, isRefused };
}

test('one denial stops the credential on that device for 15 minutes and nowhere else', async () => {
  const { clock, offer, isRefused } = setUp();
  await offer(1, 'denied');
  expect([await isRefused(1), await isRefused(2)]).toEqual([true, false]);
  await clock.advance(15 * MINUTE - 1);
  expect(await isRefused(1)).toBe(true);
  await clock.advance(1);
  expect(await isRefused(1)).toBe(false);
});

test('three devices in a row stop it everywhere, and after the pause one denial is enough', async () => {
  const { clock, offer, isRefused } = setUp();
  await offer(1, 'denied');
  await offer(2, 'denied');
  expect(await isRefused(4)).toBe(false);
  await offer(3, 'denied');
  expect(await isRefused(4)).toBe(true);
  await clock.advance(15 * MINUTE);
  await offer(4, 'denied');
  expect(await isRefused(5)).toBe(true);
});

test('an acceptance in between breaks the row', async () => {
  const { offer, isRefused } = setUp();
  for (const n of [1, 2]) await offer(n, 'denied');
  await offer(3, 'accepted');
  for (const n of [4, 5]) await offer(n, 'denied');
  expect(await isRefused(6)).toBe(false);
});

test('a changed credential starts afresh', async () => {
  const { offer, isRefused } = setUp();
  for (const n of [1, 2, 3]) await offer(n, 'denied');
  expect([await isRefused(1), await isRefused(1, 'v2')]).toEqual([true, false]);
});

test('an unproven credential never has more than three tries in flight, a proven one has no limit', async () => {
  const { breaker, take } = setUp();
  const first = await take(1);
  for (const n of [2, 3]) await take(n);
  let entered = 0;
  const rest = Array.from({ length: 13 }, (_, i) =>
    breaker.permit(secret(), device(10 + i), never).then((got) => {
      entered += 1;
      return got;
    }),
  );
  await settle();
  expect(entered).toBe(0);
  first.settle('accepted');
  expect((await Promise.all(rest)).every((got) => got.ok)).toBe(true);
});

test('sixteen handshakes at once with a wrong secret make three denials, not sixteen', async () => {
  const { breaker } = setUp();
  let denials = 0;
  await Promise.all(
    Array.from({ length: 16 }, async (_, i) => {
      const got = await breaker.permit(secret(), device(i), never);
      if (!got.ok) return;
      await settle();
      denials += 1;
      got.value.settle('denied');
    }),
  );
  expect(denials).toBe(3);
});

test('a try that got no answer twice on a device counts as denied there', async () => {
  const { offer, isRefused } = setUp();
  await offer(1, 'unanswered');
  expect(await isRefused(1)).toBe(false);
  await offer(1, 'unanswered');
  expect([await isRefused(1), await isRefused(2)]).toEqual([true, false]);
});

test('a wait for a verdict ends with the caller', async () => {
  const { breaker, take } = setUp();
  for (const n of [1, 2, 3]) await take(n);
  const stop = new AbortController();
  const waiting = breaker.permit(secret(), device(4), stop.signal);
  await settle();
  stop.abort();
  expect(await waiting).toMatchObject({ ok: false, reason: 'cancelled' });
});

test('a device that denies the current login is tried with the one beside it, and keeps to what it took', async () => {
  const { clock, breaker, offer } = setUp();
  const spare = { name: 'web', version: 'v2', isSpare: true };
  const settleSpare = async (n: number, verdict: Verdict) => {
    const got = await breaker.permit(spare, device(n), never);
    if (got.ok) got.value.settle(verdict);
  };
  const prefers = (n: number) => breaker.prefersSpare(secret(), spare, device(n));
  expect(prefers(1)).toBe(false);
  await offer(1, 'denied');
  expect([prefers(1), prefers(2)]).toEqual([true, false]);
  await settleSpare(1, 'accepted');
  await clock.advance(16 * MINUTE);
  expect([prefers(1), prefers(2)]).toEqual([true, false]);
  await settleSpare(1, 'denied');
  expect(prefers(1)).toBe(false);
});

test('devices that moved on to the next login do not stop the current one for the others', async () => {
  const { breaker, offer, isRefused } = setUp();
  const spare = { name: 'web', version: 'v2', isSpare: true };
  for (const n of [1, 2, 3, 4, 5]) {
    await offer(n, 'denied');
    const got = await breaker.permit(spare, device(n), never);
    if (got.ok) got.value.settle('accepted');
  }
  expect(await isRefused(9)).toBe(false);
});

test('a wrong next login is offered once and then nowhere: three tries of the current one and this are four', async () => {
  const { breaker, offer } = setUp();
  const spare = { name: 'web', version: 'v2', isSpare: true };
  for (const n of [1, 2, 3]) await offer(n, 'denied');
  const got = await breaker.permit(spare, device(1), never);
  if (got.ok) got.value.settle('denied');
  const detail = expect.stringContaining('the first device');
  expect(await breaker.permit(spare, device(2), never)).toMatchObject({ ok: false, reason: 'denied', detail });
  expect(breaker.prefersSpare(secret(), spare, device(2))).toBe(false);
});
