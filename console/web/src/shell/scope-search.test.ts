// The chosen customer and site: read from any URL, written as a filter that reads back, never hiding what it does not know.
import { expect, test } from 'vitest';
import { parseFilter } from '#shared/base/filter/parse-filter.ts';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import { parseScope, scopeChoices, scopeOf } from './scope-search.ts';

const id = (n: number) => `01890000-0000-7000-9000-${String(n).padStart(12, '0')}`;
const SITES = [
  { id: id(1), name: 'Branch 10', customerId: id(91), customerName: 'Acme "North", Ltd' },
  { id: id(2), name: 'Branch 2', customerId: id(91), customerName: 'Acme "North", Ltd' },
  { id: id(3), name: 'Werk Köln', customerId: id(92), customerName: 'Beta' },
];

test.each([
  [{}, {}],
  [{ site: id(1), q: 'x' }, { site: id(1) }],
  [{ customer: 7, site: '<script>' }, {}],
  [{ customer: id(91) }, { customer: id(91) }],
])('%j in the URL chooses %j', (raw, choice) => expect(parseScope(raw)).toEqual(choice));

test('a customer leaves all its sites, a site only itself', () => {
  const ofCustomer = scopeOf({ customer: id(91) }, SITES);
  expect(SITES.map((site) => ofCustomer.includesSite(site.id))).toEqual([true, true, false]);
  const ofSite = scopeOf({ site: id(2) }, SITES);
  expect(SITES.map((site) => ofSite.includesSite(site.id))).toEqual([false, true, false]);
  expect([ofSite.customer?.name, ofSite.site?.name]).toEqual(['Acme "North", Ltd', 'Branch 2']);
});

test('a site that went leaves everything in sight', () => {
  const gone = scopeOf({ site: id(8) }, SITES);
  expect([gone.site, gone.customer, gone.filter, gone.includesSite(id(3))]).toEqual([undefined, undefined, '', true]);
});

test('the filter names the choice exactly, whatever is in its name', () => {
  const { filter } = scopeOf({ site: id(2) }, SITES);
  expect(parseFilter(filter, FLEET_FIELDS)).toEqual({
    ok: true,
    filter: {
      type: 'all',
      of: [
        { type: 'text', field: 'customer', match: 'is', values: [['Acme "North", Ltd']] },
        { type: 'text', field: 'site', match: 'is', values: [['Branch 2']] },
      ],
    },
  });
});

test('customers and sites stand as people sort them', () => {
  expect(scopeChoices(SITES).map(({ name, sites }) => [name, ...sites.map((site) => site.name)])).toEqual([
    ['Acme "North", Ltd', 'Branch 2', 'Branch 10'],
    ['Beta', 'Werk Köln'],
  ]);
});
