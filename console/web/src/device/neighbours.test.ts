// From one device of a list to the next.
import { expect, test } from 'vitest';
import { currentTrail, leaveTrail, neighboursOf } from './neighbours.ts';

const ids = ['a', 'b', 'c'];

test.each([
  ['a', { former: undefined, next: 'b', place: 1, count: 3 }],
  ['b', { former: 'a', next: 'c', place: 2, count: 3 }],
  ['c', { former: 'b', next: undefined, place: 3, count: 3 }],
  ['z', { former: undefined, next: undefined, place: 0, count: 3 }],
])('beside %s stand %j', (id, found) => expect(neighboursOf(ids, id)).toEqual(found));

test('the newest list is the one that counts', () => {
  leaveTrail({ href: '/fleet?q=one', ids: () => ['a'] });
  leaveTrail({ href: '/fleet?q=two', ids: () => ids });
  expect(currentTrail()?.href).toBe('/fleet?q=two');
  expect(currentTrail()?.ids()).toEqual(ids);
});
