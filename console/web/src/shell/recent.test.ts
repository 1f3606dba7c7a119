// The list of recent things keeps its end, holds each thing once, and survives what others wrote there.
import { expect, test } from 'vitest';
import { parseRecent, type RecentThing, withRecent } from './recent.ts';

const thing = (n: number): RecentThing => ({ kind: 'device', id: `d${n}`, name: `srv-${n}`, place: 'Berlin' });

test('the newest stands first, once, and the list has an end', () => {
  let list: RecentThing[] = [];
  for (const n of [1, 2, 3, 4, 5, 6, 7, 8, 3]) list = withRecent(list, thing(n));
  expect(list.map(({ id }) => id)).toEqual(['d3', 'd8', 'd7', 'd6', 'd5', 'd4']);
  expect(parseRecent(JSON.stringify(list))).toEqual(list);
});

test.each([[null], ['{'], ['7'], ['[1, {"kind": "device"}]']])('%s is no list, and no fault', (text) =>
  expect(parseRecent(text)).toEqual([]),
);
