// Proves that every right the contract asks for is one that people can read, and be given.
import { expect, test } from 'vitest';
import { VERBS } from '#console/access/verbs.ts';
import { isDangerousVerb } from './dangerous-verbs.ts';
import { OPERATIONS } from './operations.ts';

test('every verb of the contract has its sentence', () => {
  const asked = [...new Set(OPERATIONS.map(({ meta }) => meta.permission))].filter((verb) => verb !== 'public');
  expect(asked.filter((verb) => !Object.hasOwn(VERBS, verb))).toEqual([]);
});

test('what one does over oneself alone is not dangerous but for a new link', () => {
  expect(['session.read', 'session.end'].filter(isDangerousVerb)).toEqual([]);
  expect(isDangerousVerb('device.remove')).toBe(true);
});

test('whatever changes people or what they may do asks for a proof', () => {
  const changes = OPERATIONS.filter(({ meta }) => meta.permission.startsWith('person.') && meta.audit === 'write');
  expect(changes.length).toBeGreaterThan(5);
  expect(changes.filter(({ meta }) => meta.danger !== 'dangerous').map(({ name }) => name)).toEqual([]);
});
