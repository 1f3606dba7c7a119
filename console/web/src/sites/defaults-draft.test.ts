// Defaults pass through their form unchanged, and what is left empty is not stored.
import { expect, test } from 'vitest';
import { defaultsOf, draftOfDefaults, isPort } from './defaults-draft.ts';

test.each([
  [{}],
  [
    {
      relayId: 'r1',
      transport: 'ssh',
      port: 2222,
      credential: 'root',
      intervalMs: 30_000,
      tags: ['a'],
      groupIds: ['g'],
    },
  ],
  [{ transport: 'local' }],
])('%j stays what it is', (defaults) => expect(defaultsOf(draftOfDefaults(defaults))).toEqual(defaults));

test.each([
  ['22', true],
  ['65535', true],
  ['0', false],
  ['65536', false],
  ['2 2', false],
  ['ssh', false],
])('"%s" as a port: %s', (text, is) => expect(isPort(text)).toBe(is));
