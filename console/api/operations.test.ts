// Proves that a method and a path mean one operation, and that what each operation declares is there.
import { expect, test } from 'vitest';
import { findOperation, OPERATIONS } from './operations.ts';

const nameAt = (method: string, path: string) => {
  const found = findOperation(method, path);
  return 'operation' in found ? found.operation.name : found.allowed;
};

test.each([
  ['GET', '/devices', 'devices.list'],
  ['GET', '/devices/columns', 'devices.columns'],
  ['GET', '/devices/01890000-0000-7000-8000-000000000001', 'devices.show'],
  ['GET', '/devices/a%2Fb', 'devices.show'],
  ['POST', '/devices/x/watch', 'devices.watch'],
])('%s %s is %s', (method, path, name) => expect(nameAt(method, path)).toBe(name));

test.each([
  ['PUT', '/devices', ['GET', 'POST']],
  ['HEAD', '/me', ['GET']],
  ['GET', '/devices/', []],
  ['GET', '//devices', []],
  ['GET', '/devices/x/y/z', []],
])('%s %s is no operation; the path has %j', (method, path, allowed) => {
  const found = nameAt(method, path);
  expect(Array.isArray(found) ? found.sort() : found).toEqual(allowed);
});

test('every operation asks for a right that somebody has', () => {
  expect(OPERATIONS.length).toBeGreaterThan(60);
  expect(OPERATIONS.filter(({ meta }) => meta.permission === 'nobody')).toEqual([]);
});
