// A token is the whole of what stands behind the #, or there is none.
import { expect, test } from 'vitest';
import { tokenIn } from './link-token.ts';

const TOKEN = 'AbCd_-'.padEnd(43, '0');

test.each([
  [`#${TOKEN}`, TOKEN],
  [`#${TOKEN}x`, undefined],
  [`#${TOKEN.slice(1)}`, undefined],
  [`#${TOKEN.slice(1)}/`, undefined],
  ['', undefined],
])('"%s" holds %s', (hash, token) => expect(tokenIn(hash)).toBe(token));
