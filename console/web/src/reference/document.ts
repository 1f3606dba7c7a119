// The API's own description, read from the console and put in order for the page.

import { apiPrefix } from 'virtual:contract-routes';
import { useQuery } from '@tanstack/react-query';
import { isObject, type ShapeLine, shapeOf, typeOf } from './shape.ts';

export interface Parameter {
  name: string;
  place: string;
  type: string;
  isOptional: boolean;
}

export interface Operation {
  id: string;
  method: string;
  path: string;
  summary: string;
  tag: string;
  permission: string;
  isDangerous: boolean;
  note: string;
  parameters: readonly Parameter[];
  body: readonly ShapeLine[];
  answer: readonly ShapeLine[];
}

export interface Reference {
  version: string;
  operations: readonly Operation[];
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function parametersOf(value: unknown): Parameter[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((one: unknown) => {
    if (!isObject(one) || typeof one['name'] !== 'string') return [];
    const type = isObject(one['schema']) ? typeOf(one['schema']) : 'string';
    return [{ name: one['name'], place: textOf(one['in']), type, isOptional: one['required'] !== true }];
  });
}

/** The schema of the first content there is. */
function schemaOf(holder: unknown): unknown {
  if (!isObject(holder) || !isObject(holder['content'])) return undefined;
  const [content] = Object.values(holder['content']);
  return isObject(content) ? content['schema'] : undefined;
}

function answerOf(responses: unknown): unknown {
  if (!isObject(responses)) return undefined;
  const good = Object.keys(responses).find((status) => status.startsWith('2'));
  return good === undefined ? undefined : schemaOf(responses[good]);
}

/** By tag and path, as the document has them. What is no operation is left out. */
export function operationsOf(document: unknown): Operation[] {
  if (!isObject(document) || !isObject(document['paths'])) return [];
  return Object.entries(document['paths']).flatMap(([path, methods]) => {
    if (!isObject(methods)) return [];
    return Object.entries(methods).flatMap(([method, one]) => (isObject(one) ? [operationOf(method, path, one)] : []));
  });
}

function operationOf(method: string, path: string, one: Readonly<Record<string, unknown>>): Operation {
  const tags: unknown = one['tags'];
  return {
    id: textOf(one['operationId']),
    method: method.toUpperCase(),
    path,
    summary: textOf(one['summary']),
    tag: Array.isArray(tags) ? textOf(tags[0]) : '',
    permission: textOf(one['x-permission']),
    isDangerous: one['x-danger'] === 'dangerous',
    note: textOf(one['description']),
    parameters: parametersOf(one['parameters']),
    body: shapeOf(schemaOf(one['requestBody'])),
    answer: shapeOf(answerOf(one['responses'])),
  };
}

async function readReference(signal: AbortSignal): Promise<Reference> {
  const answer = await fetch(`${apiPrefix}/openapi.json`, { signal });
  if (!answer.ok) throw new Error(`the console answered ${answer.status}`);
  const document: unknown = await answer.json();
  const info = isObject(document) && isObject(document['info']) ? document['info'] : {};
  return { version: textOf(info['version']), operations: operationsOf(document) };
}

/** It changes only with the console's version. */
export const useReference = () =>
  useQuery({
    queryKey: ['reference'],
    queryFn: ({ signal }) => readReference(signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
