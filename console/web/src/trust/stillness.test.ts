// A relay counts as still when it is linked and says so; whatever it said before it went away is not counted.
import { expect, test } from 'vitest';
import { stillnessOf } from './stillness.ts';

const health = (frozenAt?: number) => ({ frozenAt }) as never;

test('relays of frozen sites are still, told or away; others are none of it', () => {
  const relays = [
    { name: 'a', siteId: '1', isConnected: true, health: health(5) },
    { name: 'b', siteId: '1', isConnected: true, health: health() },
    { name: 'c', siteId: '2', isConnected: false, health: health(5) },
    { name: 'd', siteId: '2', isConnected: true, health: null },
    { name: 'e', siteId: '3', isConnected: true, health: health(5) },
  ];
  expect(stillnessOf(relays, new Set(['1', '2']))).toEqual({ still: ['a'], told: ['b', 'd'], away: ['c'] });
});
