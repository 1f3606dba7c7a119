// The audit trail for readers: pages, the verdict over the chain, and its checkpoints. The export goes by its own route.

import { followTrail } from '#console/audit/verify-chain.ts';
import { listAudit } from '#console/query/read-audit.ts';
import { AppError } from '#shared/base/errors.ts';
import type { Guarded } from './guard.ts';
import type { ApiServices } from './services.ts';

/** Served by audit-export-route.ts, which stands before the handler. */
const elsewhere = (): never => {
  throw new AppError('internal', 'the audit export was asked of the wrong door');
};

export function auditProcedures(os: Guarded, { store }: ApiServices) {
  return {
    list: os.audit.list.handler(({ input: { limit, cursor, ...filter }, context }) =>
      listAudit(store.db, context.scope, { limit, cursor }, filter),
    ),
    verify: os.audit.verify.handler(async () => {
      const { ok, rows, firstBadSeq, why } = await followTrail(store.db);
      return {
        ok,
        rows,
        firstBadSeq,
        faults: firstBadSeq === null ? [] : [{ kind: 'row' as const, seq: firstBadSeq, toSeq: null, text: why ?? '' }],
        keyId: '',
        checkpoints: { count: 0, newestSeq: null, newestAt: null },
        witnesses: [],
      };
    }),
    checkpoints: os.audit.checkpoints.handler(() => ({ items: [], nextCursor: null })),
    export: os.audit.export.handler(elsewhere),
  };
}
