// The address of the page that seals is read as the schemas of relays, names and slots would.
import { expect, test } from 'vitest';
import { RelayId } from '#shared/base/id.ts';
import { CredentialSlot } from '#shared/model/credential.ts';
import { CredentialName } from '#shared/model/device.ts';
import { parseSealSearch } from './seal-search.ts';

const relay = '01890000-0000-7000-8000-000000000001';

test('what is meant is read', () => {
  for (const slot of CredentialSlot.options)
    expect(parseSealSearch({ relay, name: 'root.web-1', slot, more: 1 })).toEqual({ relay, name: 'root.web-1', slot });
  expect([RelayId.safeParse(relay).success, CredentialName.safeParse('root.web-1').success]).toEqual([true, true]);
});

test.each([
  [{}],
  [{ relay: 7, name: 'Root', slot: 'last' }],
  [{ relay: 'x', name: '', slot: null }],
  [{ name: ['a'] }],
])('%j says nothing', (search) => {
  expect(parseSealSearch(search)).toEqual({});
});
