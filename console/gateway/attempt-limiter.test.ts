// Failures lock out one network, then everybody, in bounded memory.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { AttemptLimiter } from './attempt-limiter.ts';

test('neighbours of one IPv6 network share their failures, and memory for addresses is bounded', () => {
  const limiter = new AttemptLimiter({ clock: new FakeClock() });
  for (let i = 0; i < 10; i++) limiter.failed(`2001:db8:1:2:${i}::1`);
  expect(() => limiter.assertOpen('2001:db8:1:2:ffff::9')).toThrow('closed to this address');
  expect(() => limiter.assertOpen('2001:db8:1:3::1')).not.toThrow();
  for (let i = 0; i < 20_000; i++) limiter.failed(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  expect(limiter.size).toBe(10_000);
});

test('a lock-out is told once and ends with its window', async () => {
  const clock = new FakeClock();
  const limiter = new AttemptLimiter({ clock });
  const effects = Array.from({ length: 12 }, () => limiter.failed('192.0.2.1'));
  expect(effects.filter((effect) => effect === 'address-locked')).toHaveLength(1);
  expect(() => limiter.assertOpen('192.0.2.1')).toThrow('10 minutes');
  expect(() => limiter.assertOpen('192.0.2.2')).not.toThrow();
  await clock.advance(600_000);
  expect(() => limiter.assertOpen('192.0.2.1')).not.toThrow();
});

test('IPv4 peers of a socket for both families are locked out one by one', () => {
  const limiter = new AttemptLimiter({ clock: new FakeClock() });
  for (let i = 0; i < 10; i++) limiter.failed('::ffff:192.0.2.1');
  expect(() => limiter.assertOpen('192.0.2.1')).toThrow('closed to this address');
  expect(() => limiter.assertOpen('::ffff:192.0.2.2')).not.toThrow();
});
