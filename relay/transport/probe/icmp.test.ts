// What fping writes, as it writes it, and what it writes when all goes wrong.
import { expect, test } from 'vitest';
import { findFping, readFping } from './icmp.ts';

test.each([
  ['192.0.2.7 : 0.47 0.06 0.07\n', { answered: true, method: 'icmp', bestMs: 0.06, averageMs: 0.2 }],
  ['::1 : 0.261 0.063\n', { answered: true, method: 'icmp', bestMs: 0.063, averageMs: 0.16 }],
  ['192.0.2.7 : - 12.5 -\n', { answered: true, method: 'icmp', bestMs: 12.5, averageMs: 12.5 }],
  ['192.0.2.7 : - - -\n', { answered: false, method: 'icmp' }],
  [
    'ICMP Host Unreachable from 10.0.0.1 for ICMP Echo sent to 10.0.0.9\n\n10.0.0.9 : - - -\n',
    { answered: false, method: 'icmp' },
  ],
])('%j', (output, ping) => {
  expect(readFping(output)).toEqual(ping);
});

test.each(['', "fping: can't create socket (must run as root?)\n", 'a : b\n', '192.0.2.7 :\n'])(
  '%j is no answer of fping',
  (output) => {
    expect(readFping(output)).toBeUndefined();
  },
);

test('fping is taken from the system folders only, the first that is there', () => {
  expect(findFping((file) => file.startsWith('/usr/local/'))).toBe('/usr/local/bin/fping');
  expect(findFping((file) => file === '/tmp/fping')).toBeUndefined();
});
