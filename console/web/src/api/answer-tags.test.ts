// An answer that came and was not taken in must be asked for again: a page that is told "nothing is new" keeps what it shows.
import { expect, test } from 'vitest';
import { AnswerTags } from './answer-tags.ts';

const PATH = '/api/devices/columns';

test('a read that was broken off after its answer came leaves no tag to ask with', () => {
  const tags = new AnswerTags();
  tags.begin(PATH);
  tags.arrive(PATH, '"1"');
  tags.show(PATH);
  expect(tags.shown(PATH)).toBe('"1"');
  tags.begin(PATH);
  tags.arrive(PATH, '"2"');
  // Broken off here: the page still shows the first.
  expect(tags.shown(PATH)).toBeUndefined();
});

test('what was taken in is what is asked with, whatever came for others', () => {
  const tags = new AnswerTags();
  tags.arrive(PATH, '"1"');
  tags.show(PATH);
  tags.arrive('/api/sites', '"9"');
  expect([tags.shown(PATH), tags.shown('/api/sites')]).toEqual(['"1"', undefined]);
});

test('an answer without a tag leaves nothing to ask with', () => {
  const tags = new AnswerTags();
  tags.arrive(PATH, '"1"');
  tags.begin(PATH);
  tags.arrive(PATH, undefined);
  tags.show(PATH);
  expect(tags.shown(PATH)).toBeUndefined();
});

test('an answer that was asked for before anybody read counts when it is taken in', () => {
  const tags = new AnswerTags();
  tags.arrive(PATH, '"1"');
  tags.begin(PATH);
  tags.show(PATH);
  expect(tags.shown(PATH)).toBe('"1"');
});
