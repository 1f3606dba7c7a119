// A new device goes to the relay that somebody chose, or that the site means.
import { expect, test } from 'vitest';
import { relayFor } from './relay-choice.ts';

const leaf = { id: 'leaf', kind: 'leaf', isConnected: true } as const;
const away = { id: 'away', kind: 'site', isConnected: false } as const;
const near = { id: 'near', kind: 'site', isConnected: true } as const;

test.each([
  ['the chosen one', [leaf, away, near], 'leaf', 'away', 'leaf'],
  ['the default of the site', [leaf, away, near], '', 'away', 'away'],
  ['one that is linked', [leaf, away, near], '', undefined, 'near'],
  ['one that is away rather than a leaf', [leaf, away], '', undefined, 'away'],
  ['the only one', [leaf], '', 'gone', 'leaf'],
])('%s', (_name, relays, chosen, usual, id) => expect(relayFor(relays, chosen, usual)?.id).toBe(id));

test('none where there is none', () => expect(relayFor([], 'a', 'b')).toBeUndefined());
