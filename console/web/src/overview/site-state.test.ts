// A site is as its worst relay, and what needs a look stands first.
import { expect, test } from 'vitest';
import { awaySince, countsOf, linkOf, type SiteFigures, sortedSites, totalOf } from './site-state.ts';

const relay = (isConnected: boolean, backlog = 0, lastSeenAt: number | null = 1_000) => ({
  name: 'r',
  isConnected,
  lastSeenAt,
  backlog,
});
const site = (
  name: string,
  relays: SiteFigures['relays'],
  devices: SiteFigures['devices'] = { up: 3 },
): SiteFigures => ({
  id: name,
  name,
  customerName: 'Example',
  devices,
  relays,
});

test.each([
  ['linked', [relay(true)]],
  ['linked', [relay(true, 9)]],
  ['behind', [relay(true, 6), relay(true, 6)]],
  ['away', [relay(true), relay(false, 50)]],
  ['none', []],
] as const)('%s', (kind, relays) => expect(linkOf(site('a', relays))).toBe(kind));

test('the longest silence of its relays is the one that is told', () => {
  expect(awaySince(site('a', [relay(false, 0, 5_000), relay(false, 0, 2_000), relay(true, 0, 1)]))).toBe(2_000);
  expect(awaySince(site('a', [relay(false, 0, null)]))).toBeNull();
});

test('sites away first, then without relay, behind, with trouble, well; each by name as people count', () => {
  const sites = [
    site('well 10', [relay(true)]),
    site('well 2', [relay(true)]),
    site('trouble', [relay(true)], { up: 1, down: 1 }),
    site('behind', [relay(true, 99)]),
    site('bare', []),
    site('away', [relay(false)]),
  ];
  expect(sortedSites(sites).map(({ name }) => name)).toEqual([
    'away',
    'bare',
    'behind',
    'trouble',
    'well 2',
    'well 10',
  ]);
});

test('counts of sites add up', () => {
  const counts = countsOf([{ up: 2, down: 1 }, { unknown: 4 }, {}]);
  expect(counts).toEqual({ up: 2, down: 1, unknown: 4, 'identity-changed': 0 });
  expect(totalOf(counts)).toBe(7);
});
