// Proves the bounds of hashing: two at once, a short queue, a deadline, and no difference between somebody and nobody.
import { expect, test } from 'vitest';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { PasswordHasher } from './password-hash.ts';

test('what is stored is argon2id with 64 MiB and three passes, and fits its password alone', async () => {
  const hasher = new PasswordHasher({ clock: new FakeClock() });
  const stored = await hasher.hash('a quiet river in March');
  expect(stored).toMatch(/^\$argon2id\$v=19\$m=65536,t=3,p=1\$/);
  expect(await hasher.isRight(stored, 'a quiet river in March')).toBe(true);
  expect(await hasher.isRight(stored, 'a quiet river in May')).toBe(false);
});

test('the same letters, written as one sign or two, are one password', async () => {
  const hasher = new PasswordHasher({ clock: new FakeClock() });
  expect(await hasher.isRight(await hasher.hash('gr\u00fcne Wiese im Mai'), 'gru\u0308ne Wiese im Mai')).toBe(true);
});

test('for nobody a hash is computed as for somebody, and nothing fits it', async () => {
  const hasher = new PasswordHasher({ clock: new FakeClock() });
  expect(await hasher.isRight(undefined, 'no password has this hash')).toBe(false);
  const before = hasher.computed;
  await hasher.isRight(undefined, 'x');
  expect(hasher.computed - before).toBe(1);
});

test('who comes when many wait is told to come again, and all others are served', async () => {
  const clock = new FakeClock();
  const hasher = new PasswordHasher({ clock });
  const asked = await Promise.allSettled(Array.from({ length: 37 }, (_none, n) => hasher.hash(`password number ${n}`)));
  const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  expect(refused).toHaveLength(3);
  expect(refused[0]).toMatchObject({ code: 'unavailable' });
  expect(clock.sleeping).toBe(0);
});

test('who waits too long is told so', async () => {
  const clock = new FakeClock();
  const hasher = new PasswordHasher({ clock });
  const asked = [1, 2, 3].map((n) => hasher.hash(`password number ${n}`).catch(({ code }: { code: string }) => code));
  await clock.advance(10_000);
  expect(await asked[2]).toBe('unavailable');
  expect(await asked[0]).toMatch(/^\$argon2id/);
});
