// A route tells somebody or stops others, and comes back from its form as it went in.
import { expect, test } from 'vitest';
import type { Route, Target } from './notify-data.ts';
import { draftOf, faultsOf, wishOf } from './route-draft.ts';

// Ids are branded where they come from.
const target = { kind: 'contact', contact: 'p' } as unknown as Target;
const route = {
  id: 'r',
  name: 'nights',
  isOn: true,
  place: 20,
  match: {
    ...{
      severities: ['critical', 'high'],
      types: [],
      customers: [],
      sites: ['s'],
      tags: ['till'],
      groups: ['g'],
      checks: ['disk.*'],
    },
    hours: { timeZone: 'Europe/Berlin', spans: [{ days: ['mon'], from: '08:00', until: '18:00' }] },
    isOutside: true,
  },
  targets: [target],
  escalation: 'e',
  delayMs: 120_000,
  repeatMs: 0,
  digestMs: 0,
  tellsResolved: true,
  isLast: false,
} as unknown as Route;

test('a route goes through its form unchanged', () => {
  const { id: _, ...whole } = route;
  expect(wishOf(draftOf(route, [route]))).toEqual(whole);
});

test('a new one stands behind all others and takes everything', () => {
  const draft = draftOf(undefined, [route]);
  expect(draft.place).toBe(30);
  expect(wishOf({ ...draft, name: 'all', checks: 'a, b;c' }).match).toEqual({
    ...{
      severities: [],
      types: [],
      customers: [],
      sites: [],
      tags: [],
      groups: [],
      checks: ['a', 'b', 'c'],
      isOutside: false,
    },
  });
});

test.each([
  [{ targets: [target] }, []],
  [{}, ['targets']],
  [{ escalation: 'e' }, []],
  [{ isLast: true }, []],
  [{ targets: [target], name: ' ', delay: 'x', digest: '1.5' }, ['name', 'delay', 'digest']],
  [{ targets: [target], hasHours: true, spans: [{ days: [], from: '08:00', until: '18:00' }] }, ['hours']],
])('%j lacks %j', (patch, faults) =>
  expect(faultsOf({ ...draftOf(undefined, []), name: 'new', ...patch })).toEqual(faults),
);
