// The OpenAPI 3.1 document, generated from the contract, with what holds for every operation: its errors, its right, its repeats.
import { OpenAPIGenerator } from '@orpc/openapi';

import { z } from 'zod';
import { API_PREFIX, contract } from '#shared/contract/contract.ts';
import { IDEMPOTENCY_KEY, KEPT_ANSWER_BYTES, REPLAYED } from '#shared/contract/idempotency.ts';
import { PROBLEM_TYPE, Problem } from '#shared/contract/problem.ts';
import { VERSION } from '#shared/runtime/version.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { zodJsonSchema } from './zod-json-schema.ts';

type Json = Record<string, unknown>;

export async function openApiDocument(): Promise<object> {
  const generator = new OpenAPIGenerator({ schemaConverters: [zodJsonSchema] });
  const document = await generator.generate(contract, {
    info: { title: 'RMM console', version: VERSION, license: { name: 'MIT', identifier: 'MIT' } },
    servers: [{ url: API_PREFIX }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
  });
  const { $schema: _schema, ...problem } = z.toJSONSchema(Problem);
  const components = { ...document.components, schemas: { Problem: problem }, ...shared };
  // What oRPC made is plain JSON; its own types know more forms than it makes.
  const paths = document.paths as Record<string, Record<string, Json>>;
  for (const operation of OPERATIONS) complete(paths[operation.path]?.[operation.method.toLowerCase()], operation);
  return { ...document, components };
}

const content = { [PROBLEM_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } };

const shared = {
  responses: {
    BadInput: { description: 'The input is wrong; `errors` names each wrong field.', content },
    Unauthenticated: { description: 'Nobody is signed in, or the token is not known.', content },
    Problem: { description: 'Any other refusal or fault, after RFC 9457.', content },
  },
  parameters: {
    IdempotencyKey: {
      name: IDEMPOTENCY_KEY,
      in: 'header',
      required: false,
      description:
        'Makes it safe to send the request again when its answer was lost: within 24 hours the same key with the same request ' +
        `is answered what the first was, with \`${REPLAYED}: true\`, and nothing is done twice. With another request it is ` +
        'refused (422), while the first runs too (409). Refusals of the right to ask and of the pace, and silence of others ' +
        `(401, 403, 429, 503, 504) are not kept, nor answers above ${KEPT_ANSWER_BYTES / 1024} KiB: their key then answers 409.`,
      schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[ -~]+$' },
    },
  },
} as const;

const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

function complete(described: Json | undefined, { method, meta }: Operation): void {
  if (described === undefined) return;
  const isPublic = meta.permission === 'public';
  const parameters = Array.isArray(described['parameters']) ? described['parameters'] : [];
  const hasInput = parameters.length > 0 || 'requestBody' in described;
  described['responses'] = {
    ...Object(described['responses']),
    ...(hasInput ? { 400: ref('responses', 'BadInput') } : {}),
    ...(isPublic ? {} : { 401: ref('responses', 'Unauthenticated') }),
    default: ref('responses', 'Problem'),
  };
  if (isPublic) described['security'] = [];
  described['x-permission'] = meta.permission;
  described['x-danger'] = meta.danger;
  if (method !== 'POST') return;
  if (meta.answers !== 'secret') described['parameters'] = [...parameters, ref('parameters', 'IdempotencyKey')];
  else described['description'] = `The answer holds a secret and is kept nowhere: no ${IDEMPOTENCY_KEY} is taken.`;
}
