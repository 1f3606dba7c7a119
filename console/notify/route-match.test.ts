// A route fits by all that it names, and says the first thing that keeps it away.
import { expect, test } from 'vitest';
import { CustomerId, newId, RouteId, SiteId } from '#shared/base/id.ts';
import { Route } from '#shared/contract/notify-contract.ts';
import { type Matched, whyNot } from './route-match.ts';

const siteId = SiteId.parse(newId(1));
const customerId = CustomerId.parse(newId(2));
const GROUP = newId(4);
const about: Matched = {
  severity: 'high',
  type: 'performance',
  check: 'disk.free',
  siteId,
  customerId,
  tags: ['sql'],
  groups: [GROUP],
};
/** A Monday, 18:00 in Berlin. */
const MONDAY = Date.UTC(2026, 10, 23, 17);
const hours = { timeZone: 'Europe/Berlin', spans: [{ days: ['mon'], from: '08:00', until: '18:00' }] };

const route = (match: object, isOn = true) =>
  Route.parse({ id: RouteId.parse(newId(3)), name: 'r', place: 1, targets: [], isOn, match });

test.each<[string, object, RegExp | undefined]>([
  ['everything', {}, undefined],
  ['its severity', { severities: ['critical', 'high'] }, undefined],
  ['another severity', { severities: ['critical'] }, /not for high/],
  ['another type', { types: ['security'] }, /not for performance/],
  ['its site', { sites: [siteId] }, undefined],
  ['another site', { sites: [newId(9)] }, /this site/],
  ['another customer', { customers: [newId(9)] }, /this customer/],
  ['one of its tags', { tags: ['web', 'sql'] }, undefined],
  ['no tag of it', { tags: ['web'] }, /tags/],
  ['one of its groups', { groups: [newId(9), GROUP] }, undefined],
  ['no group of it', { groups: [newId(9)] }, /groups/],
  ['a pattern of checks', { checks: ['disk.*'] }, undefined],
  ['a pattern that is no expression', { checks: ['dis..free', 'disk'] }, /disk\.free/],
  ['hours that are over', { hours }, /outside of its hours/],
  ['what is outside of hours', { hours, isOutside: true }, undefined],
])('%s', (_name, match, why) => {
  const said = whyNot(route(match), about, MONDAY);
  if (why === undefined) expect(said).toBeUndefined();
  else expect(said).toMatch(why);
});

test('within its hours it fits, and outside of them alone it does not', () => {
  expect(whyNot(route({ hours }), about, MONDAY - 60_000)).toBeUndefined();
  expect(whyNot(route({ hours, isOutside: true }), about, MONDAY - 60_000)).toMatch(/hours of the week/);
  expect(whyNot(route({}, false), about, MONDAY)).toBe('it is off');
});
