// The console about itself: health, the audit trail, and the feed of live changes.
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { Change } from '#shared/model/change.ts';
import { operation, reads } from './meta.ts';
import { Page, pageOf } from './paging.ts';

/** The feed no longer reaches back to the viewer's last event: read everything again. */
const Reset = z.strictObject({ kind: z.literal('reset') });

export const AuditRow = z.object({
  seq: z.int(),
  at: z.int(),
  actor: z.string(),
  verb: z.string(),
  resource: z.string(),
  outcome: z.string(),
  address: z.string().nullable(),
  detail: z.unknown(),
  hash: z.string(),
});

export const systemContract = {
  status: operation
    .meta(reads('system.read'))
    .route({ method: 'GET', path: '/system/status', summary: 'Versions, counters and the state of the stores' })
    .output(
      z.object({
        version: z.string(),
        engine: z.string(),
        incarnation: z.string(),
        startedAt: z.int(),
        now: z.int(),
        devices: z.record(z.string(), z.int()),
        counters: z.record(z.string(), z.number()),
        lost: z.int(),
        quarantined: z.int(),
      }),
    ),
  changes: operation
    .meta(reads('device.read'))
    .route({
      method: 'GET',
      path: '/changes',
      summary: 'Live changes as server-sent events; resumes from Last-Event-ID',
    })
    .output(eventIterator(z.union([Change, Reset]))),
};

export const auditContract = {
  list: operation
    .meta(reads('audit.read'))
    .route({ method: 'GET', path: '/audit', summary: 'The audit trail, newest first' })
    .input(Page)
    .output(pageOf(AuditRow)),
  verify: operation
    .meta(reads('audit.read'))
    .route({ method: 'GET', path: '/audit/verify', summary: 'Check the hash chain; names the first bad row' })
    .output(z.object({ ok: z.boolean(), rows: z.int(), firstBadSeq: z.int().nullable() })),
};
