// Proves that foreign hosts and origins are told apart from our own.
import { expect, test } from 'vitest';
import { isOwnHost, isOwnOrigin } from './security-headers.ts';

const names = new Set(['localhost', '127.0.0.1', 'rmm.example', '::1']);

test.each([
  ['localhost:8080', true],
  ['127.0.0.1:8080', true],
  ['[::1]:8080', true],
  ['RMM.example', true],
  ['evil.example:8080', false],
  ['localhost.evil.example', false],
  [undefined, false],
])('host %s is ours: %s', (host, isOurs) => {
  expect(isOwnHost(host, names)).toBe(isOurs);
});

test.each([
  [{ host: 'localhost:8080', origin: 'http://localhost:8080', fetchSite: 'same-origin' }, true],
  [{ host: 'localhost:8080', origin: undefined, fetchSite: undefined }, true],
  [{ host: 'localhost:8080', origin: 'http://localhost:9999', fetchSite: undefined }, false],
  [{ host: 'localhost:8080', origin: 'http://localhost:8080', fetchSite: 'same-site' }, false],
  [{ host: 'localhost:8080', origin: 'null', fetchSite: undefined }, false],
  [{ host: 'localhost:8080', origin: 'https://evil.example', fetchSite: 'cross-site' }, false],
])('origin of %o is ours: %s', (request, isOurs) => {
  expect(isOwnOrigin(request)).toBe(isOurs);
});
