// Proves that the age of live samples is that of the oldest one at the moment it is seen stored, waiting ones included.
import { expect, test } from 'vitest';
import { LiveAge } from './live-age.ts';

test('a batch is as old as its first sample when the console is seen to hold it', () => {
  const age = new LiveAge(1_000);
  age.look([{ relay: 0, seq: 1, oldestAt: 2_000 }], [0], 2_500);
  expect(age.maxMs).toBe(500);
  age.look([], [1], 4_000);
  age.look([], [1], 60_000);
  expect(age).toMatchObject({ maxMs: 2_000, batches: 1, relays: 1 });
});

test('what never arrives grows old, and the warm-up does not count', () => {
  const age = new LiveAge(1_000);
  age.look(
    [
      { relay: 0, seq: 1, oldestAt: 500 },
      { relay: 1, seq: 1, oldestAt: 1_500 },
    ],
    [0, 0],
    9_500,
  );
  expect(age).toMatchObject({ maxMs: 8_000, batches: 0, relays: 0 });
});
