// Proves which identity a person would accept, and that nothing is made up.
import { expect, test } from 'vitest';
import { identityToAccept } from './action-commands.ts';

const pinned = { machineId: 'a'.repeat(32), macs: ['52:54:00:12:34:56'], hostKey: 'SHA256:old' };
const seen = { machineId: 'b'.repeat(32), macs: ['52:54:00:12:34:57'], hostKey: 'SHA256:new' };

test('what the other machine showed is what would be pinned', () => {
  expect(identityToAccept({ identity: pinned, seenIdentity: seen }, undefined)).toEqual(seen);
});

test('a new host key, to which no login was offered, comes from the person', () => {
  expect(identityToAccept({ identity: pinned, seenIdentity: null }, 'SHA256:new')).toEqual({
    ...pinned,
    hostKey: 'SHA256:new',
  });
});

test('without a difference there is nothing to accept', () => {
  expect(() => identityToAccept({ identity: pinned, seenIdentity: null }, undefined)).toThrow(/--host-key/);
});

test('at a site that pins nothing by itself the host key is all that is known', () => {
  const accepted = { macs: [], hostKey: 'SHA256:new' };
  expect(identityToAccept({ identity: null, seenIdentity: null }, 'SHA256:new')).toEqual(accepted);
});
