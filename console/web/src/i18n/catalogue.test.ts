// A message takes its values, its plural form and its language's way of writing numbers.
import { expect, test } from 'vitest';
import { catalogue } from './catalogue.ts';
import { languageOf } from './language.ts';
import { plainText, type Translation } from './message.ts';

const en = {
  hello: 'Hello',
  of: '{part} of {count}',
  devices: { one: '{count} device', other: '{count} devices' },
} as const;
const t = catalogue('test', en);

test('a message without placeholders is itself, one with them takes their values', () => {
  expect(t('hello')).toBe('Hello');
  expect(t('of', { part: 'a', count: 12_345 })).toBe('a of 12,345');
});

test.each([
  [0, '0 devices'],
  [1, '1 device'],
  [1_200, '1,200 devices'],
])('%d counts as "%s"', (count, text) => expect(t('devices', { count })).toBe(text));

test('German writes its numbers its own way', () => {
  expect(plainText({ one: '{count} Gerät', other: '{count} Geräte' }, { count: 1_200 }, 'de')).toBe('1.200 Geräte');
  expect(plainText({ one: '{count} Gerät', other: '{count} Geräte' }, { count: 1 }, 'de')).toBe('1 Gerät');
});

test('the compiler refuses wrong keys, parameters and translations', () => {
  // @ts-expect-error: there is no such key
  t('nothing');
  // @ts-expect-error: the message wants its values
  t('of');
  // @ts-expect-error: a count is a number
  t('devices', { count: 'one' });
  const german = {
    hello: 'Hallo',
    of: '{part} von {count}',
    devices: { one: '{count} Gerät', other: '{count} Geräte' },
  } satisfies Translation<typeof en>;
  // @ts-expect-error: a placeholder is missing
  expect({ ...german, of: 'von {count}' } satisfies Translation<typeof en>).toBeDefined();
  // @ts-expect-error: a key is missing
  expect({ hello: 'Hallo' } satisfies Translation<typeof en>).toBeDefined();
});

test.each([
  [null, ['de-AT', 'en'], 'de'],
  [null, ['fr', 'en-US'], 'en'],
  [null, ['fr'], 'en'],
  ['de', ['en'], 'de'],
  ['tlh', ['de'], 'de'],
])('stored %s and wished %j speaks %s', (stored, wished, spoken) => expect(languageOf(stored, wished)).toBe(spoken));
