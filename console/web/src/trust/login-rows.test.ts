// One line per login, with both of its slots, and the word that a person has to know first.
import { expect, test } from 'vitest';
import { isPromoted, type Login, loginRows, mainOf, nextVersion, stateOf } from './login-rows.ts';

const login = (change: Partial<Login> = {}): Login => ({
  relayId: 'r',
  siteId: 's',
  name: 'lan',
  slot: 'current',
  version: 3,
  issuedAt: 1,
  notAfter: null,
  shown: null,
  promotes: null,
  signer: 'k',
  storedAt: 1,
  sealedTo: ['x'],
  state: 'open',
  needsSealing: false,
  ...change,
});

test('slots of one login stand in one line, the same name at another relay in another', () => {
  const items = [login(), login({ slot: 'next', version: 1 }), login({ relayId: 'q' })];
  expect(loginRows(items)).toMatchObject([
    { relayId: 'r', current: { version: 3 }, next: { version: 1 } },
    { relayId: 'q', next: undefined },
  ]);
});

test.each<[Partial<Login>, string]>([
  [{}, 'open'],
  [{ state: 'waiting' }, 'waiting'],
  [{ state: 'waiting', needsSealing: true }, 'reseal'],
  [{ state: 'unreadable' }, 'reseal'],
  [{ state: 'revoked', sealedTo: [] }, 'revoked'],
])('%j is %s', (change, state) => expect(stateOf(login(change))).toBe(state));

test('a revoked slot does not speak for a login whose other one lives', () => {
  const [row] = loginRows([login({ state: 'revoked' }), login({ slot: 'next', version: 9 })]);
  expect(row && mainOf(row)?.version).toBe(9);
});

test('what was promoted is known by its version, and a version follows the newest of its slot', () => {
  const items = [login({ promotes: 2 }), login({ slot: 'next', version: 2 })];
  const [row] = loginRows(items);
  expect(row && isPromoted(row)).toBe(true);
  const [newer] = loginRows([login({ promotes: 2 }), login({ slot: 'next', version: 3 })]);
  expect(newer && isPromoted(newer)).toBe(false);
  expect(nextVersion(items, { relayId: 'r', name: 'lan', slot: 'next' })).toBe(3);
  expect(nextVersion(items, { relayId: 'r', name: 'wan', slot: 'next' })).toBe(1);
});
