// A facet counts what each of its choices would show.
import { expect, test } from 'vitest';
import { type Facet, facetChoices } from './facets.ts';
import { chosenOf, readFilter, withoutField } from './filter-text.ts';
import { fleetAnswer } from './fleet-example.ts';
import { FleetStore } from './fleet-store.ts';

const store = new FleetStore({ frame: () => undefined, now: () => 0, consoleNow: () => 0 });
store.load(
  fleetAnswer([
    { n: 1, tags: ['sql', 'prod'], groups: ['DCs'] },
    { n: 2, tags: ['prod'], site: 'Paris', status: 'down' },
    { n: 3, site: 'Paris', status: 'down' },
    { n: 4, status: 'unknown', groups: ['DCs', 'Web'] },
  ]),
);

function choicesOf(facet: Facet, text: string) {
  const parsed = readFilter(text);
  if (!parsed.ok) throw new Error(parsed.message);
  const choices = facetChoices(store, facet, withoutField(parsed.filter, facet), chosenOf(parsed.filter, facet));
  return choices.map(({ value, devices }) => `${value} ${devices}`);
}

test.each<[Facet, string, string[]]>([
  ['status', '', ['down 2', 'unknown 1', 'up 1']],
  ['site', '', ['Berlin 2', 'Paris 2']],
  ['tag', '', ['prod 2', 'sql 1']],
  ['group', '', ['DCs 2', 'Web 1']],
  ['customer', 'status:down', ['Example GmbH 2']],
  ['tag', 'site=Paris', ['prod 1']],
])('%s under "%s" counts %j', (facet, text, counts) => expect(choicesOf(facet, text)).toEqual(counts));

test('a choice leaves the others of its facet to be chosen', () => {
  expect(choicesOf('site', 'site=Paris')).toEqual(['Berlin 2', 'Paris 2']);
});

test('what is chosen stays in sight, though nothing fits it', () => {
  expect(choicesOf('tag', 'tag:gone site=Paris')).toEqual(['prod 1', 'gone 0']);
});
