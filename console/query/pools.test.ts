// Proves that shared texts and sets are counted right: nothing is lost while it is used, nothing stays when it is not.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NamePool } from './name-pool.ts';
import { SetPool } from './set-pool.ts';

test('a text stays under its number while somebody uses it, and its number is used again after', () => {
  const pool = new NamePool();
  const [a, b] = [pool.take('A'), pool.take('b')];
  expect(pool.take('A')).toBe(a);
  pool.drop(a);
  expect([pool.texts[a], pool.lower[a]]).toEqual(['A', 'a']);
  pool.drop(a);
  expect(pool.numberOf('A')).toBeUndefined();
  expect(pool.take('c')).toBe(a);
  expect(pool.texts[b]).toBe('b');
});

test('each text is asked once, unused ones never', () => {
  const pool = new NamePool();
  const numbers = ['x', 'y', 'x'].map((text) => pool.take(text));
  const asked: string[] = [];
  const ask = pool.ask((lower) => {
    asked.push(lower);
    return lower === 'x';
  });
  expect(numbers.map(ask)).toEqual([true, false, true]);
  expect(asked).toEqual(['x', 'y']);
});

test('whatever is taken and dropped, sets in use hold their names and the pool holds no others', () => {
  const key = fc.constantFrom('a', 'b', 'a b', 'b c d', '', 'e');
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(4), key), { maxLength: 60 }), (steps) => {
      const pool = new SetPool();
      const rows = [0, 0, 0, 0, 0];
      const truth = ['', '', '', '', ''];
      for (const [row, next] of steps) {
        const before = rows[row] ?? 0;
        rows[row] = pool.take(next, () => next.split(' ').filter((name) => name !== ''));
        pool.drop(before);
        truth[row] = next;
      }
      expect(rows.map((set) => pool.textsOf(set).join(' '))).toEqual(truth);
      const used = new Set(truth.flatMap((one) => one.split(' ')).filter((name) => name !== ''));
      expect(pool.names.size).toBe(used.size);
      expect(pool.size).toBe(new Set(truth.filter((one) => one !== '')).size);
    }),
  );
});
