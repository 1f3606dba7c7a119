// Passkeys are offered exactly where a browser and a charter both take them.
import { expect, test } from 'vitest';
import { passkeyOfWord, passkeySigner } from '#test/fixtures/virtual-passkey.ts';
import { type PagePlace, passkeyObstacle, passkeysOf } from './passkey-place.ts';

const place = (origin: string, change: Partial<PagePlace> = {}): PagePlace => ({
  origin,
  hostname: new URL(origin).hostname,
  isSecure: true,
  hasPasskeys: true,
  ...change,
});

test.each([
  ['http://localhost:8080', {}, undefined],
  ['https://rmm.example', {}, undefined],
  ['https://rmm.example:8443', {}, undefined],
  ['http://127.0.0.1:8080', {}, 'obstacleAddress'],
  ['https://192.0.2.7', {}, 'obstacleAddress'],
  ['https://[2001:db8::7]', {}, 'obstacleAddress'],
  ['http://rmm.localhost', {}, 'obstacleAddress'],
  ['http://rmm.example', { isSecure: false }, 'obstacleInsecure'],
  ['http://192.0.2.7:8080', { isSecure: false }, 'obstacleInsecure'],
  ['https://rmm.example', { isSecure: false }, 'obstacleInsecure'],
  ['https://rmm.example', { hasPasskeys: false }, 'obstacleBrowser'],
])('a page of %s %j: %s', (origin, change, expected) => {
  expect(passkeyObstacle(place(origin, change))).toBe(expected);
});

test('only passkeys that name this very page and its host are offered', async () => {
  const named = passkeySigner(await passkeyOfWord('named'), 'ann'); // https://console.example
  const sub = passkeySigner(await passkeyOfWord('sub'), 'eve');
  if (sub.kind === 'passkey') sub.key = { ...sub.key, origins: ['https://a.console.example'] };
  const signers = [named, sub];
  expect(passkeysOf(signers, place('https://console.example'))).toEqual([named]);
  expect(passkeysOf(signers, place('https://a.console.example'))).toEqual([sub]);
  expect(passkeysOf(signers, place('https://console.example:8443'))).toEqual([]);
  expect(passkeysOf(signers, place('http://localhost'))).toEqual([]);
});
