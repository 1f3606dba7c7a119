// What the palette must know of each operation of the contract, in a few bytes: the schemas themselves stay with the console.
import { type AnyContractRouter, isContractProcedure } from '@orpc/contract';
import { z } from 'zod';
import type { OperationMeta } from '#shared/contract/meta.ts';

export interface Operation {
  summary: string;
  permission: string;
  isDangerous: boolean;
  /** Members of its input: "id" one value, "devices[]" several, "port?" may be left out. */
  input: readonly string[];
}

/** Optional and default values are wrapped; what is inside says whether it is a list. */
function inner(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodNullable
    ? inner(schema.def.innerType)
    : schema;
}

function inputOf(schema: unknown): string[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries<z.ZodType>(schema.shape).map(
    ([name, of]) =>
      `${name}${inner(of) instanceof z.ZodArray ? '[]' : ''}${of.safeParse(undefined).success ? '?' : ''}`,
  );
}

/** By dotted name: "devices.remove". */
export function operationsOf(router: AnyContractRouter, path: readonly string[] = []): Record<string, Operation> {
  if (!isContractProcedure(router))
    return Object.assign({}, ...Object.entries(router).map(([name, part]) => operationsOf(part, [...path, name])));
  const { meta, route, inputSchema } = router['~orpc'];
  // Every operation of ours begins with this meta, see shared/contract/meta.ts.
  const { permission, danger } = meta as unknown as OperationMeta;
  const operation = {
    summary: route.summary ?? '',
    permission,
    isDangerous: danger === 'dangerous',
    input: inputOf(inputSchema),
  };
  return { [path.join('.')]: operation };
}
