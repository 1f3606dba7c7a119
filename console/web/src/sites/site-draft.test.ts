// An edit says only what it changes.
import { expect, test } from 'vitest';
import { CustomerId, SiteId } from '#shared/base/id.ts';
import { changesOf, draftOf } from './site-draft.ts';
import type { SiteRow } from './sites-data.ts';

const site: SiteRow = {
  id: SiteId.parse('01890000-0000-7000-9000-000000000001'),
  customerId: CustomerId.parse('01890000-0000-7000-b000-000000000001'),
  customerName: 'Example',
  name: 'Berlin',
  timeZone: 'Europe/Berlin',
  address: '',
  contact: { name: 'Ada', email: '', phone: '' },
  notes: '',
  defaults: {},
  isSimulated: false,
  devices: 0,
  relays: 0,
  createdAt: 0,
  frozenAt: null,
};

test('a form that was only opened changes nothing', () => expect(changesOf(site, draftOf(site))).toEqual({}));

test('what was changed goes along, a contact as a whole', () => {
  const draft = { ...draftOf(site), name: 'Berlin 2', contact: { name: 'Ada', email: '', phone: '030' } };
  expect(changesOf(site, draft)).toEqual({ name: 'Berlin 2', contact: { name: 'Ada', email: '', phone: '030' } });
});
