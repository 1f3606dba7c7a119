// The tail holds the last bytes and knows where in the whole they stand.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { OutputTail, TAIL_BYTES } from './output-tail.ts';

test('whatever came, what is kept is the end of it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: TAIL_BYTES * 2 }), { maxLength: 4 }), (sizes) => {
      const tail = new OutputTail();
      const all: number[] = [];
      for (const size of sizes) {
        const chunk = Uint8Array.from({ length: size }, (_, at) => (all.length + at) % 251);
        for (const byte of chunk) all.push(byte);
        tail.push(chunk);
      }
      expect(tail.end).toBe(all.length);
      expect(Buffer.from(tail.read(tail.start, TAIL_BYTES)).equals(Buffer.from(all.slice(tail.start)))).toBe(true);
    }),
    { numRuns: 5 },
  );
});

test('a reader that is in time reads on where it was', () => {
  const tail = new OutputTail();
  tail.push(Uint8Array.of(1, 2, 3, 4));
  expect([...tail.read(1, 2)]).toEqual([2, 3]);
  expect([...tail.read(4, 9)]).toEqual([]);
});
