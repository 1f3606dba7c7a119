// Proves that every route there is has its row in the table of authorisation.
import { expect, test } from 'vitest';
import { createApp } from '#console/api/app.ts';
import { OPERATIONS } from '#console/api/operations.ts';
import type { ApiServices } from '#console/api/services.ts';
import { API_PREFIX } from '#shared/contract/contract.ts';
import { AUTHZ_ROWS, PLAIN_ROUTES } from './authz-rows.ts';

const sorted = (names: Iterable<string>) => [...names].sort((a, b) => a.localeCompare(b));

test('every operation of the contract has its row, and there is no other row', () => {
  expect(sorted(Object.keys(AUTHZ_ROWS))).toEqual(sorted(OPERATIONS.map(({ name }) => name)));
});

test('what is public by its row asks for no right, and nothing else does', () => {
  for (const { name, meta } of OPERATIONS)
    expect([name, AUTHZ_ROWS[name]?.reach === 'public']).toEqual([name, meta.permission === 'public']);
});

/** Whatever is asked of it is itself: routes are mounted, and none is called. */
const anything: unknown = new Proxy(() => anything, {
  get: (_target, key) => (key === Symbol.iterator ? undefined : anything),
});

test('every plain route of the console has its row', () => {
  const app = createApp({
    // Nothing of it is used before a request comes.
    services: anything as ApiServices,
    ...{ hosts: new Set<string>(), web: new Map(), isSecure: false },
  });
  // The same names, as the router writes them.
  const ofContract = new Set(OPERATIONS.map(({ path }) => `${API_PREFIX}${path.replaceAll(/\{(\w+)\}/g, ':$1')}`));
  const plain = app.routes.map(({ path }) => path).filter((path) => !ofContract.has(path) && !path.endsWith('*'));
  expect(plain.filter((path) => PLAIN_ROUTES[path] === undefined)).toEqual([]);
});
