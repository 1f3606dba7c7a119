// What names a host key is read exactly, and nothing else passes for one.
import { expect, test } from 'vitest';
import { namedHostKey } from './approve-command.ts';

const KEY = `SHA256:${'a'.repeat(43)}`;

test('a device and its key', () => {
  expect(namedHostKey(`web=1=${KEY}`)).toEqual({ word: 'web=1', hostKey: KEY });
});

test.each([
  'web-1',
  'web-1=',
  `=${KEY}`,
  KEY,
  `web-1=${KEY}=`,
  `web-1=${KEY.slice(0, -1)}`,
  `web-1=MD5:${'a'.repeat(43)}`,
])('%j is refused', (text) => {
  expect(() => namedHostKey(text)).toThrow(/expected <device>=SHA256/);
});
