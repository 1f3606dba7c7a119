// The parts of one batch count as one order.
import { expect, test } from 'vitest';
import { firstOfEach } from './first-of-each.ts';

const row = (id: string, change: object = {}) => ({
  id,
  name: 'command.run',
  signer: 'ann',
  reason: 'patch',
  createdAt: 1,
  ...change,
});

test('rows of one moment, key and reason are one order, others are others', () => {
  const rows = [row('a'), row('b'), row('c', { createdAt: 2 }), row('d', { signer: 'bob' }), row('e', { reason: '' })];
  // Ids are branded where they come from; here only which row is kept counts.
  expect(firstOfEach(rows as never).map(({ id }) => id)).toEqual(['a', 'c', 'd', 'e']);
});
