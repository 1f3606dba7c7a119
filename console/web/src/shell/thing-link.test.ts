// A found thing opens on its own page when there is one, else in the fleet by a filter that reads back.
import { expect, test } from 'vitest';
import { parseFilter } from '#shared/base/filter/parse-filter.ts';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import type { RecentThing } from './recent.ts';
import { placeOf } from './thing-link.tsx';

const none = () => false;
const all = () => true;
const thing = (kind: RecentThing['kind']): RecentThing => ({ kind, id: 'x1', name: 'a "b" or c', place: null });

test.each([
  ['device', none, '/devices/x1'],
  ['site', all, '/sites/x1'],
  ['site', none, '/fleet'],
  ['customer', all, '/fleet'],
  ['group', all, '/fleet'],
  ['tag', all, '/fleet'],
  ['relay', all, '/relays'],
  ['relay', none, '/fleet'],
] as const)('a %s opens', (kind, hasRoute, to) => {
  const place = placeOf(thing(kind), hasRoute);
  expect(place.to).toBe(to);
  if (to !== '/fleet') return;
  expect(parseFilter(place.search?.q ?? '', FLEET_FIELDS)).toMatchObject({
    ok: true,
    filter: { type: 'text', field: kind, values: [['a "b" or c']] },
  });
});
