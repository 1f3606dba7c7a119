// Proves which addresses a range holds, however they are written, and that what cannot be read is in none.
import { expect, test } from 'vitest';
import { isInRange, isRange } from './ip-range.ts';

test.each([
  ['10.0.0.5', '10.0.0.0/8', true],
  ['11.0.0.5', '10.0.0.0/8', false],
  ['10.0.0.5', '10.0.0.5', true],
  ['10.0.0.6', '10.0.0.5/32', false],
  ['10.0.0.127', '10.0.0.0/25', true],
  ['10.0.0.128', '10.0.0.0/25', false],
  ['203.0.113.9', '0.0.0.0/0', true],
  ['::ffff:10.0.0.5', '10.0.0.0/8', true],
  ['::ffff:a00:5', '10.0.0.0/8', true],
  ['::ffff:11.0.0.5', '10.0.0.0/8', false],
  ['::ffff:10.0.0.5', '::/0', false],
  ['10.0.0.5', '::/0', false],
  ['fd00:1::2', 'fd00:1::/32', true],
  ['fd00:2::2', 'fd00:1::/32', false],
  ['FD00:1:0:0:0:0:0:2', 'fd00:1::/32', true],
  ['fe80::1%eth0', 'fe80::/10', true],
  ['::1', '::1/128', true],
  ['64:ff9b::10.0.0.5', '10.0.0.0/8', false],
  ['web-1', '0.0.0.0/0', false],
  ['', '0.0.0.0/0', false],
  ['10.0.0.5', 'lan', false],
])('%s in %s: %s', (address, range, expected) => {
  expect(isInRange(address, range)).toBe(expected);
});

test.each([
  '10.0.0.0/33',
  '10.0.0.0/-1',
  '10.0.0.0/08',
  '10.0.0/8',
  '010.0.0.0/8',
  '256.0.0.0/8',
  '10.0.0.0/8/8',
  'fd00::/129',
  'fd00:::/8',
  '1:2:3:4:5:6:7:8:9/8',
  '1:2:3:4:5:6:7::8/8x',
  'fe80::1%eth0/10',
  '::ffff:10.0.0.0/104',
  'localhost',
  '',
])('%j is no range', (text) => {
  expect(isRange(text)).toBe(false);
});
