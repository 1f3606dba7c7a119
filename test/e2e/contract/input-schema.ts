// The input of an operation as JSON Schema, for making wrong ones.
import { traverseContractProcedures } from '@orpc/server';
import { z } from 'zod';
import { contract } from '#shared/contract/contract.ts';

/** By "devices.create"; undefined for an operation that takes nothing. */
export function inputSchemas(): Map<string, object | undefined> {
  const schemas = new Map<string, object | undefined>();
  traverseContractProcedures({ router: contract, path: [] }, ({ contract: procedure, path }) => {
    const schema: unknown = procedure['~orpc'].inputSchema;
    const isZod = schema instanceof z.ZodType;
    schemas.set(path.join('.'), isZod ? z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) : undefined);
  });
  return schemas;
}
