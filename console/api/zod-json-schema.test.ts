// Proves the form in which our schemas reach the OpenAPI document.
import { expect, test } from 'vitest';
import { z } from 'zod';
import { zodJsonSchema } from './zod-json-schema.ts';

const written = (schema: z.ZodType, strategy: 'input' | 'output' = 'input') =>
  zodJsonSchema.convert(schema, { strategy });

test.each([
  ['a text', z.string(), true],
  ['an optional text', z.string().optional(), false],
  ['a text with a default', z.string().default('a'), false],
  ['what may be null', z.string().nullable(), true],
])('%s is required as the schema says', async (_name, schema, isRequired) => {
  const [required] = await written(schema);
  expect(required).toBe(isRequired);
});

test('what has a default is always in an answer', async () => {
  expect((await written(z.string().default('a'), 'output'))[1]).toEqual({ type: 'string', default: 'a' });
});

test('alternatives are spelled out, also below members called type', async () => {
  const schema = z.strictObject({ type: z.union([z.string(), z.boolean()]), at: z.number().nullable() });
  expect((await written(schema))[1]).toMatchObject({
    properties: { type: { anyOf: [{ type: 'string' }, { type: 'boolean' }] }, at: { anyOf: expect.any(Array) } },
    additionalProperties: false,
  });
});

test('an answer may gain members unless it is strict', async () => {
  expect((await written(z.object({ a: z.string() }), 'output'))[1]).not.toHaveProperty('additionalProperties');
  expect((await written(z.strictObject({ a: z.string() }), 'output'))[1]).toHaveProperty('additionalProperties', false);
});

test('a default that looks like a schema stays as it is', async () => {
  const schema = z.record(z.string(), z.array(z.string())).default({ type: ['string', 'null'] });
  expect((await written(schema))[1]).toMatchObject({ default: { type: ['string', 'null'] } });
});

test('bytes are bytes', async () => {
  expect((await written(z.file()))[1]).toEqual({ type: 'string', contentMediaType: '*/*' });
});
