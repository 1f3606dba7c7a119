// Which operation a method and a path mean: known before a body is read, so that its bounds and its rules hold from the first byte.
import { traverseContractProcedures } from '@orpc/server';
import { contract } from '#shared/contract/contract.ts';
import type { OperationMeta } from '#shared/contract/meta.ts';

export interface Operation {
  /** "devices.create" */
  name: string;
  method: string;
  /** "/devices/{id}" */
  path: string;
  meta: OperationMeta;
}

interface Entry extends Operation {
  pattern: RegExp;
}

function patternOf(path: string): RegExp {
  const escaped = path.replaceAll(/[.*+?^$()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replaceAll(/\{[^}]+\}/g, '[^/]+')}$`);
}

function entriesOf(): Entry[] {
  const entries: Entry[] = [];
  traverseContractProcedures({ router: contract, path: [] }, ({ contract: procedure, path: names }) => {
    const { route, meta } = procedure['~orpc'];
    const { method = 'POST', path = `/${names.join('/')}` } = route;
    // The contract's own operations carry our meta; oRPC's walk forgets its type.
    entries.push({ name: names.join('.'), method, path, meta: meta as OperationMeta, pattern: patternOf(path) });
  });
  // "/devices/columns" is no device: literal paths go first.
  return entries.sort((a, b) => a.path.split('{').length - b.path.split('{').length);
}

const ENTRIES: readonly Entry[] = entriesOf();

export const OPERATIONS: readonly Operation[] = ENTRIES;

/** `allowed`: the methods this path has, when the asked one is not among them. */
export function findOperation(method: string, path: string): { operation: Operation } | { allowed: string[] } {
  const here = ENTRIES.filter((entry) => entry.pattern.test(path));
  const operation = here.find((entry) => entry.method === method);
  if (operation !== undefined) return { operation };
  return { allowed: [...new Set(here.map((entry) => entry.method))] };
}
