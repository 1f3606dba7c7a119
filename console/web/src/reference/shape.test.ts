// Proves that schemas are read as people write them down.
import { expect, test } from 'vitest';
import { shapeOf, typeOf } from './shape.ts';

test.each([
  [{ type: 'string' }, 'string'],
  [{ type: 'string', format: 'uuid' }, 'uuid'],
  [{ enum: ['csv', 'json'], type: 'string' }, '"csv" | "json"'],
  [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, 'integer | null'],
  [{ type: 'array', items: { type: 'string' } }, 'list of string'],
  [{ const: true }, 'true'],
  [{}, 'any'],
])('%j is %s', (schema, text) => {
  expect(typeOf(schema)).toBe(text);
});

test('an object inside of a list stands below it, with what may be left out and what the limits are', () => {
  const schema = {
    type: 'object',
    required: ['items'],
    properties: {
      items: {
        type: 'array',
        items: {
          type: 'object',
          required: ['name'],
          properties: { name: { type: 'string', minLength: 1, maxLength: 9 } },
        },
      },
      limit: { type: 'integer', minimum: 1, maximum: 1_000, default: 200 },
    },
  };
  expect(shapeOf(schema)).toEqual([
    { depth: 0, name: 'items', type: 'list of object', isOptional: false, limits: '' },
    { depth: 1, name: 'name', type: 'string', isOptional: false, limits: '1…9 letters' },
    { depth: 0, name: 'limit', type: 'integer', isOptional: true, limits: '1…1000  = 200' },
  ]);
});

test('what is no schema has no shape', () => {
  expect([shapeOf(undefined), shapeOf('x'), shapeOf({ type: 'string' })]).toEqual([[], [], []]);
});
