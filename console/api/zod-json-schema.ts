// Our schemas as JSON Schema for the OpenAPI document: zod writes them itself, this says them in the form that the generator reads.
import type { ConditionalSchemaConverter } from '@orpc/openapi';
import { z } from 'zod';

type JsonSchema = Awaited<ReturnType<ConditionalSchemaConverter['convert']>>[1];

const isZod = (schema: unknown): schema is z.ZodType => schema instanceof z.ZodType;

/** Whether somebody may leave the value out. */
const isOptional = (schema: z.ZodType, strategy: 'input' | 'output'): boolean =>
  (strategy === 'input' ? schema._zod.optin : schema._zod.optout) === 'optional' || schema.safeParse(undefined).success;

interface Written {
  zodSchema: z.core.$ZodTypes;
  jsonSchema: z.core.JSONSchema.BaseSchema;
}

/** An answer may gain members in a later release; only what we called strict says that there are no others. */
function leaveOpen({ zodSchema, jsonSchema }: Written): void {
  const { def } = zodSchema._zod;
  if (def.type === 'object' && def.catchall === undefined) delete jsonSchema.additionalProperties;
}

/** What holds values, not schemas. */
const VALUES: ReadonlySet<string> = new Set(['const', 'default', 'enum', 'examples']);

/** `type: [a, b]` as two alternatives: the generator takes a list of types for an object in a query. */
function spelledOut(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(spelledOut);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.entries(schema).map(([name, value]): [string, unknown] =>
    name === 'type' && Array.isArray(value)
      ? ['anyOf', value.map((type: unknown) => ({ type }))]
      : [name, VALUES.has(name) ? value : spelledOut(value)],
  );
  return Object.fromEntries(members);
}

export const zodJsonSchema: ConditionalSchemaConverter = {
  condition: isZod,
  convert: (schema, { strategy }) => {
    if (!isZod(schema)) return [false, {}];
    // A body of bytes: the generator knows it by this member.
    if (schema instanceof z.ZodFile) return [true, { type: 'string', contentMediaType: '*/*' }];
    const { $schema: _draft, ...json } = z.toJSONSchema(schema, {
      io: strategy,
      unrepresentable: 'any',
      cycles: 'throw',
      override: leaveOpen,
    });
    // The two libraries have types of their own for one standard (draft 2020-12).
    return [!isOptional(schema, strategy), spelledOut(json) as JsonSchema];
  },
};
