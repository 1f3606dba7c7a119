// Only pages of the web become links.
import { expect, test } from 'vitest';
import { safeLink } from './safe-link.ts';

test.each([
  ['https://wiki.example/a b', 'wiki.example'],
  [' http://10.0.0.1:8080/ ', '10.0.0.1:8080'],
  ['javascript:alert(1)', undefined],
  ['java\nscript:alert(1)', undefined],
  ['data:text/html,x', undefined],
  ['//example.org', undefined],
  ['https://', undefined],
])('%s', (url, host) => expect(safeLink(url)?.host).toBe(host));
