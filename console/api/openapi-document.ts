// The OpenAPI 3.1 document, generated from the contract alone.
import { OpenAPIGenerator } from '@orpc/openapi';
import { ZodToJsonSchemaConverter } from '@orpc/zod/zod4';
import { API_PREFIX, contract } from '#shared/contract/contract.ts';
import { VERSION } from '#shared/runtime/version.ts';

export function openApiDocument(): Promise<object> {
  const generator = new OpenAPIGenerator({ schemaConverters: [new ZodToJsonSchemaConverter()] });
  return generator.generate(contract, {
    info: { title: 'RMM console', version: VERSION, license: { name: 'MIT' } },
    servers: [{ url: API_PREFIX }],
    components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
    security: [{ token: [] }],
  });
}
