// Facts come from devices: what has not the form one hopes for is nothing, never a fault.
import { expect, test } from 'vitest';
import { fitsWords, rowsIn, serviceRank, textsIn, wordsOf } from './facts.ts';

const fact = (body: unknown) => ({ kind: 'services', hash: '', seenAt: 0, firstSeenAt: 0, body });

test.each([
  [undefined, 0],
  [fact(null), 0],
  [fact([1, 2]), 0],
  [fact({ services: 'none' }), 0],
  [fact({ services: [{ name: 'a' }, 'b', null, ['c'], { name: 'd' }] }), 2],
])('of %j there are %i rows', (one, count) => expect(rowsIn(one, 'services')).toHaveLength(count));

test('texts are texts', () => {
  expect(textsIn(fact({ gateways: ['10.0.0.1', 7, null] }), 'gateways')).toEqual(['10.0.0.1']);
});

test('every word must be found, anywhere', () => {
  const row = { name: 'sshd', description: 'OpenBSD Secure Shell' };
  expect(fitsWords(row, wordsOf('SECURE ssh'))).toBe(true);
  expect(fitsWords(row, wordsOf('secure ftp'))).toBe(false);
  expect(fitsWords(row, wordsOf('  '))).toBe(true);
});

test('failed services stand first', () => {
  const ranks = ['inactive', 'active', 'failed'].map((active) => serviceRank({ active }));
  expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
});
