// Every form in which the console words a wrong field has a text of the pages.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldFaultsOf } from '#console/api/field-faults.ts';
import { fieldText, wordsOfField } from './field-text.ts';

test.each([
  [z.string().min(1), '', 'fieldEmpty', ''],
  [z.string().max(3), 'four', 'fieldLong', '3'],
  [z.string().min(3), 'ab', 'fieldShort', '3'],
  [z.array(z.int()).max(1), [1, 2], 'fieldMany', '1'],
  [z.int().max(9), 10, 'fieldHigh', '9'],
  [z.int().min(2), 1, 'fieldLow', '2'],
  [z.int(), 1.5, 'fieldWhole', ''],
  [z.number(), 'x', 'fieldNumber', ''],
  [z.email(), 'x', 'fieldMail', ''],
  [z.url(), 'x', 'fieldUrl', ''],
  [z.enum(['a', 'b']), 'c', 'fieldOneOf', 'a, b'],
])('what the console says of a wrong field, case %#: %j', (schema, value, key, told) => {
  const [fault] = fieldFaultsOf(schema.safeParse(value).error?.issues);
  expect(wordsOfField(fault?.message ?? '')).toEqual({ key, value: told });
});

test('what is missing has words, and what nobody foresaw stands as it came', () => {
  expect(wordsOfField('is missing')?.key).toBe('fieldMissing');
  expect(wordsOfField('is taken by web-1')).toBeUndefined();
  expect(fieldText('is taken by web-1', 'de')).toBe('is taken by web-1');
  expect(fieldText('must have at most 3 characters', 'en')).toBe('must have at most 3 characters');
});
