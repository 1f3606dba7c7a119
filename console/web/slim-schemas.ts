// A page checks what it reads and signs by schemas, and never describes one as JSON schema: the code for that is an eighth of its bytes.
import type { Plugin } from 'vite';

const SCHEMAS = /\/node_modules\/zod\/v4\/classic\/schemas\.js$/;
/** As zod names it, seen from its schemas. */
const MAKER = '"../core/json-schema-processors.js"';
const PROCESSORS = `import * as processors from ${MAKER};`;
const METHODS = /^import \{ createStandardJSONSchemaMethod, createToJSONSchemaMethod \} from "[^"]+";$/m;

/** What stands for all of it: whoever asks hears so, instead of getting an empty description. */
const NONE = `import { aggregateChecks } from ${MAKER};
const noJsonSchema = () => { throw new Error("a page makes no JSON schema"); };
const createStandardJSONSchemaMethod = () => noJsonSchema, createToJSONSchemaMethod = () => noJsonSchema;`;

/** zod's own text without its way to JSON schema; throws when a release of zod writes it otherwise. */
export function withoutJsonSchema(code: string): string {
  if (!code.includes(PROCESSORS) || !METHODS.test(code))
    throw new Error('console/web/slim-schemas.ts: zod imports its JSON schema in another way than before');
  return code
    .replace(METHODS, '')
    .replace(PROCESSORS, NONE)
    .replaceAll('processors.aggregateChecks', 'aggregateChecks')
    .replaceAll(/\bprocessors\.\w+Processor\(/g, 'noJsonSchema(');
}

/** For the build alone: the page of development may be as heavy as it is. */
export const slimSchemas = (): Plugin => ({
  name: 'slim-schemas',
  apply: 'build',
  transform: { filter: { id: SCHEMAS }, handler: (code) => ({ code: withoutJsonSchema(code), map: null }) },
});
