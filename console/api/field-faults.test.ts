// Proves that a wrong input is told field by field, in words that say what would be right.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { fieldFaultsOf } from './field-faults.ts';

const Schema = z.strictObject({
  name: z.string().min(1).max(5),
  port: z.int().min(1).max(65_535).optional(),
  kind: z.enum(['ssh', 'local']).optional(),
  id: z.uuid().optional(),
  mail: z.union([z.literal(''), z.email()]).optional(),
  devices: z
    .array(z.object({ address: z.string() }))
    .max(2)
    .optional(),
});
const faultsOf = (input: unknown) => fieldFaultsOf(Schema.safeParse(input).error?.issues);

test.each<[string, unknown, string, string]>([
  ['a missing field', {}, 'name', 'is missing'],
  ['an empty text', { name: '' }, 'name', 'must not be empty'],
  ['a long text', { name: 'abcdef' }, 'name', 'must have at most 5 characters'],
  ['another type', { name: 7 }, 'name', 'must be a text'],
  ['a small number', { name: 'a', port: 0 }, 'port', 'must be at least 1'],
  ['a large number', { name: 'a', port: 70_000 }, 'port', 'must be at most 65535'],
  ['a broken number', { name: 'a', port: 1.5 }, 'port', 'must be a whole number'],
  ['another word', { name: 'a', kind: 'telnet' }, 'kind', 'must be one of ssh, local'],
  ['no id', { name: 'a', id: 'x' }, 'id', 'must be an id'],
  ['a union', { name: 'a', mail: 'x' }, 'mail', 'must be an e-mail address'],
  ['an entry of a list', { name: 'a', devices: [{ address: 'b' }, {}] }, 'devices[1].address', 'is missing'],
  [
    'a long list',
    { name: 'a', devices: [{ address: 'b' }, { address: 'b' }, { address: 'b' }] },
    'devices',
    'must have at most 2 entries',
  ],
  ['an unknown field', { name: 'a', colour: 'red' }, 'colour', 'is not known here'],
  ['no object', 'text', '', 'must be an object'],
])('%s is named', (_what, input, field, message) => {
  expect(faultsOf(input)).toEqual([{ field, message }]);
});

test('a thousand wrong entries are a hundred faults, and a long name of a field is cut', () => {
  const list = z.array(z.object({ a: z.string() }));
  expect(fieldFaultsOf(list.safeParse(Array.from({ length: 1_000 }, () => ({}))).error?.issues)).toHaveLength(100);
  const [fault] = faultsOf({ name: 'a', ['x'.repeat(10_000)]: 1 });
  expect(fault?.field).toHaveLength(200);
});

test('what is no list of issues gives no faults', () => {
  expect(fieldFaultsOf(undefined)).toEqual([]);
  expect(fieldFaultsOf([null, 1, {}])).toEqual([]);
});
