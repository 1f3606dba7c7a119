// A hand-written URL of a new standing order holds ids or nothing.
import { expect, test } from 'vitest';
import { parseNewStanding } from './standing-search.ts';

const ID = '0190a000-0000-7000-8009-000000000001';

test.each([
  [{}, {}],
  [{ devices: `${ID},${ID},x` }, { devices: ID }],
  [{ devices: '', relay: 'x', anew: 7 }, {}],
  [
    { relay: ID, anew: ID, other: 1 },
    { relay: ID, anew: ID },
  ],
])('%j is %j', (raw, search) => expect(parseNewStanding(raw)).toEqual(search));
