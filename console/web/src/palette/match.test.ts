// Typed words find the beginnings of words, and a verb parts from its thing.
import { expect, test } from 'vitest';
import { fitting, rankOf, sentenceFor, stillFitting } from './match.ts';

test.each([
  ['fle', 'Go to: Fleet', true],
  ['to fl', 'Go to: Fleet', true],
  ['leet', 'Go to: Fleet', false],
  ['', 'anything', true],
  ['ÜBER', 'Übersicht', true],
])('"%s" fits "%s": %s', (query, text, fits) => expect(rankOf(query, text) !== undefined).toBe(fits));

test('the entry that begins with what is typed comes first, equals keep their order', () => {
  expect(fitting('g', ['Relay group', 'Groups', 'Group b'], (text) => text)).toEqual([
    'Groups',
    'Group b',
    'Relay group',
  ]);
});

test.each([
  ['forget srv-12', { verb: 'forget', thing: 'srv-12' }],
  ['del  srv 12 ', { verb: 'del', thing: 'srv 12' }],
  ['FORG', { verb: 'FORG', thing: '' }],
  ['f srv-12', undefined],
  ['srv-12 forget', undefined],
  ['forgetful', undefined],
])('"%s" parts into %j', (query, sentence) => expect(sentenceFor(query, 'forget, remove, delete')).toEqual(sentence));

test('an answer to a former text keeps only what the new one finds as well', () => {
  const hits = [
    { name: 'db-1', match: null },
    { name: 'DARKSTAR', match: null },
    { name: 'web-1', match: { text: 'dark matter 2.1' } },
  ];
  expect(stillFitting(hits, 'dark').map(({ name }) => name)).toEqual(['DARKSTAR', 'web-1']);
  expect(stillFitting(hits, 'web dark').map(({ name }) => name)).toEqual(['web-1']);
});
