// GET /api/audit/export: past the handler, because it is written as it is read: one page of rows in memory, however long the trail.
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { exportAudit } from '#console/query/read-audit.ts';
import { AUDIT_EXPORT_TYPE, AuditFilter, auditContract } from '#shared/contract/audit-contract.ts';
import type { AuditLink } from '#shared/crypto/audit-chain.ts';
import type { ApiContext } from './api-context.ts';
import { fieldFaultsOf } from './field-faults.ts';
import { permitted } from './guard.ts';
import { problemResponse, wrongField } from './problems.ts';
import type { ApiServices } from './services.ts';

const { meta, route } = auditContract.export['~orpc'];
/** Below the API's prefix. */
export const AUDIT_EXPORT_PATH = route.path ?? '/audit/export';

type ExportContext = Context<{ Bindings: HttpBindings }>;

/** The same contract row, the same right, the same errors as every operation. */
export async function auditExportResponse(
  c: ExportContext,
  context: ApiContext,
  services: ApiServices,
): Promise<Response> {
  const { store } = services;
  const scope = await permitted(services, context.actor, meta);
  const asked = AuditFilter.safeParse(c.req.query());
  if (!asked.success) {
    const [fault] = fieldFaultsOf(asked.error.issues);
    return problemResponse(wrongField(fault?.field ?? 'the query', fault?.message ?? 'does not fit'));
  }
  const headers = {
    'content-type': AUDIT_EXPORT_TYPE,
    'content-disposition': 'attachment; filename="audit.jsonl"',
    'cache-control': 'no-store',
  };
  return new Response(streamOf(exportAudit(store.db, scope, asked.data)), { headers });
}

/** The next page is read when the former one was taken: a slow reader costs nothing. */
function streamOf(pages: AsyncGenerator<AuditLink[]>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const page = await pages.next();
        if (page.done === true) controller.close();
        else controller.enqueue(encoder.encode(page.value.map(lineOf).join('')));
      },
      cancel: async () => {
        await pages.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** `detail` stays the text that was hashed: parsed and written again it might be another. */
const lineOf = (row: AuditLink): string => `${JSON.stringify(row)}\n`;
