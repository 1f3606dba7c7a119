// The log's address names what one looks for, and what is no id or state is left out.
import { expect, test } from 'vitest';
import { NOTIFICATION_STATES as KNOWN } from '#shared/contract/notify-contract.ts';
import { NOTIFICATION_STATES, parseNotificationsSearch } from './notifications-search.ts';

const ID = '01890000-0000-7000-8000-000000000001';

test.each([
  [{}, {}],
  [
    { state: 'dead', contact: ID, channel: ID },
    { state: 'dead', contact: ID, channel: ID },
  ],
  [{ state: 'gone', contact: '../..', channel: 7 }, {}],
])('%j reads %j', (raw, search) => expect(parseNotificationsSearch(raw)).toEqual(search));

test('every state of the contract can be asked for', () => expect([...NOTIFICATION_STATES]).toEqual([...KNOWN]));
