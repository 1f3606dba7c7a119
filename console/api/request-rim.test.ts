// Foreign hosts, origins and pages are told apart from our own, and headers that two programs would read differently are refused.
import { expect, test } from 'vitest';
import { refusedAtRim } from './request-rim.ts';

const names = new Set(['localhost', '127.0.0.1', 'rmm.example', '::1']);

type Said = Record<string, string>;
const OWN: Said = { host: 'localhost:8080' };
const ORIGIN = 'http://localhost:8080';

const statusOf = (method: string, said: Said, isSecure = false): number => {
  const refusal = refusedAtRim({ method, rawHeaders: Object.entries(said).flat(), names, isSecure });
  return refusal === undefined ? 200 : (refusal.status ?? 403);
};

test.each([
  ['localhost:8080', 200],
  ['127.0.0.1:8080', 200],
  ['[::1]:8080', 200],
  ['RMM.example', 200],
  ['evil.example:8080', 421],
  ['localhost.evil.example', 421],
  ['', 421],
])('host %s is answered with %s', (host, status) => {
  expect(statusOf('GET', { host })).toBe(status);
});

test.each<[string, Said, number]>([
  ['a page of ours', { origin: ORIGIN, 'sec-fetch-site': 'same-origin', cookie: 'rmm=x' }, 200],
  ['a page of ours behind a proxy', { origin: 'https://localhost:8080', 'sec-fetch-site': 'same-origin' }, 200],
  ['a program', {}, 200],
  ['a program with a token and a cookie', { authorization: 'Bearer x', cookie: 'a=b' }, 200],
  ['a cookie that does not say where from', { cookie: 'rmm=x' }, 403],
  ['another port', { origin: 'http://localhost:9999' }, 403],
  ['another port of the site', { origin: ORIGIN, 'sec-fetch-site': 'same-site' }, 403],
  ['a sandbox', { origin: 'null' }, 403],
  ['another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
  ['another site that hides its origin', { 'sec-fetch-site': 'cross-site' }, 403],
  ['the address bar', { 'sec-fetch-site': 'none' }, 403],
  ['an origin with more behind it', { origin: `${ORIGIN}.evil.example` }, 403],
  ['an origin with a name before it', { origin: 'http://localhost:8080@evil.example' }, 403],
])('a change asked for by %s: %s', (_who, said, status) => {
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'ODD'])
    expect(statusOf(method, { ...OWN, ...said })).toBe(status);
});

test.each<[string, Said, number]>([
  ['a page of ours', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, 200],
  ['the address bar', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 200],
  ['a link', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }, 200],
  ['a frame', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }, 403],
  ['a script of elsewhere', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
  ['a feed of elsewhere', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }, 403],
  ['a page of another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }, 403],
])('something to read asked for by %s: %s', (_who, said, status) => {
  expect(statusOf('GET', { ...OWN, ...said })).toBe(status);
  expect(statusOf('HEAD', { ...OWN, ...said })).toBe(status);
});

test('the TLS port has pages of https alone', () => {
  const host = 'rmm.example:8443';
  expect(statusOf('POST', { host, origin: 'https://rmm.example:8443' }, true)).toBe(200);
  expect(statusOf('POST', { host, origin: 'http://rmm.example:8443' }, true)).toBe(403);
});

test('what may be said once is said once, and there are not many headers', () => {
  const twice = (...raw: string[]) =>
    refusedAtRim({ method: 'GET', rawHeaders: ['Host', 'localhost', ...raw], names, isSecure: false })?.status;
  expect(twice('host', 'rmm.example')).toBe(400);
  expect(twice('Origin', 'http://localhost', 'origin', 'https://evil.example')).toBe(400);
  expect(twice('X-A', '1', 'X-A', '2')).toBeUndefined();
  expect(twice(...Array.from({ length: 64 }, (_, n) => [`x-${n}`, '1']).flat())).toBe(431);
});
