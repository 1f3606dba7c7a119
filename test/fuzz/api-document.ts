// The OpenAPI document of a running console as the fuzzer reads it: operations with their inputs, and what their answers promise.
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Schema } from './api-schema.ts';

interface Parameter {
  $ref?: string;
  name: string;
  in: string;
  required?: boolean;
  schema: Schema;
}

interface Content {
  schema?: Schema;
}

interface Described {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { $ref?: string; content?: Record<string, Content> }>;
  'x-permission': string;
}

interface Document {
  paths: Record<string, Record<string, Described>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, { content?: Record<string, Content> }> };
}

export interface DescribedOperation {
  name: string;
  method: string;
  path: string;
  isPublic: boolean;
  /** Parameters and members of the body as one object, as our clients see an input. */
  input: Schema;
  /** The fields that travel in the path or in the query. */
  inUrl: ReadonlySet<string>;
  /** Why an answer is none that the document declares; undefined for one that is. */
  fault: (answer: { status: number; type: string; text: string }) => string | undefined;
}

/** Formats are annotations; what a console promises beside them stands in patterns. */
const AJV = { strict: false, validateFormats: false, allErrors: false } as const;

export async function readDocument(url: string): Promise<DescribedOperation[]> {
  const answer = await fetch(`${url}/api/openapi.json`);
  // The document of our own console; each schema in it is judged by ajv when it is compiled.
  const document = (await answer.json()) as Document;
  const ajv = new Ajv2020(AJV);
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf({ path, method, described }, document, ajv)),
  );
}

type Place = { path: string; method: string; described: Described };

function operationOf({ path, method, described }: Place, document: Document, ajv: Ajv2020): DescribedOperation {
  const parameters = (described.parameters ?? []).filter(({ $ref }) => $ref === undefined);
  const body = described.requestBody?.content['application/json']?.schema;
  const own = Object.fromEntries(parameters.map(({ name, schema }) => [name, schema]));
  const { anyOf, oneOf, ...plain } = body ?? {};
  const input: Schema = {
    ...plain,
    type: 'object',
    properties: { ...plain.properties, ...own },
    required: [
      ...(plain.required ?? []),
      ...parameters.flatMap(({ name, required }) => (required === true ? [name] : [])),
    ],
  };
  // A body of forms to choose from is drawn as one of them.
  const forms = anyOf ?? oneOf;
  const whole: Schema = forms === undefined ? input : { allOf: [{ anyOf: forms }, input] };
  const judge = judgeOf(described, document, ajv);
  return {
    name: described.operationId,
    method: method.toUpperCase(),
    path,
    isPublic: described['x-permission'] === 'public',
    input: whole,
    inUrl: new Set(parameters.map(({ name }) => name)),
    fault: judge,
  };
}

function judgeOf(described: Described, { components }: Document, ajv: Ajv2020): DescribedOperation['fault'] {
  const compiled = new Map<string, ValidateFunction>();
  return ({ status, type, text }) => {
    const declared =
      described.responses[String(status)] ?? (status >= 400 ? described.responses['default'] : undefined);
    if (declared === undefined) return `${status} is not declared`;
    const { content } =
      declared.$ref === undefined ? declared : (components.responses[last(declared.$ref)] ?? declared);
    const mime = type.split(';')[0]?.trim() ?? '';
    if (content === undefined) return text === '' ? undefined : `${status} has a body that is not declared`;
    // A file is declared as any kind of it.
    const shape = content[mime] ?? content['*/*'];
    if (shape === undefined) return `${status} came as ${type || 'nothing'}`;
    if (mime === 'text/event-stream' || shape.schema === undefined) return undefined;
    const key = `${status} ${mime}`;
    const validate = compiled.get(key) ?? ajv.compile(resolved(shape.schema, components.schemas));
    compiled.set(key, validate);
    const value = mime in content && mime.endsWith('json') ? readJson(text) : text;
    return validate(value)
      ? undefined
      : `${status} does not fit: ${ajv.errorsText(validate.errors)}: ${text.slice(0, 200)}`;
  };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const last = (ref: string): string => ref.split('/').at(-1) ?? '';
const resolved = (schema: Schema & { $ref?: string }, schemas: Record<string, Schema>): Schema =>
  schema.$ref === undefined ? schema : (schemas[last(schema.$ref)] ?? schema);
