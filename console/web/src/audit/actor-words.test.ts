// Rows name people, and lead to what has a page.
import { expect, test } from 'vitest';
import { actorText, placeOf } from './actor-words.ts';
import { merged } from './merged-rows.ts';

const id = '01890000-0000-7000-8000-000000000001';
const names = new Map([[id, 'Ada']]);

test.each([
  [`person:${id}`, 'Ada'],
  [`token:${id}`, 'Ada, by a token'],
  ['person:01890000-0000-7000-8000-000000000002', '01890000-0000'],
  ['system:boot', 'console, boot'],
  ['anonymous', 'Nobody signed in'],
  ['something else', 'something else'],
])('%s is %s', (actor, text) => expect(actorText(actor, names)).toBe(text));

test.each([
  [`device:${id}`, { to: '/devices/$id', id }],
  [`person:${id}`, { to: '/people/$id', id }],
  ['device:../../sign-in', undefined],
  ['toString:x', undefined],
  ['console', undefined],
])('%s leads to %j', (resource, place) => expect(placeOf(resource)).toEqual(place));

test('what is written while one looks stands first, and nothing stands twice', () => {
  const row = (seq: number) => ({ seq });
  expect(merged([row(5), row(4), row(3)], [row(4), row(3), row(2)]).map(({ seq }) => seq)).toEqual([5, 4, 3, 2]);
  expect(merged([], [row(1)]).map(({ seq }) => seq)).toEqual([1]);
  expect(merged([row(1)], []).map(({ seq }) => seq)).toEqual([1]);
});
