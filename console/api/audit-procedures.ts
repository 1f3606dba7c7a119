// The audit trail for readers: pages, the verdict over the chain, and its checkpoints. The export goes by its own route.
import type { Scope } from '#console/access/scope.ts';
import type { Witness } from '#console/audit/witness-door.ts';
import { listAudit } from '#console/query/read-audit.ts';
import { AppError } from '#shared/base/errors.ts';
import { type Guarded, mustSeeAll } from './guard.ts';
import type { ApiServices } from './services.ts';

/** Served by audit-export-route.ts, which stands before the handler. */
const elsewhere = (): never => {
  throw new AppError('internal', 'the audit export was asked of the wrong door');
};

export function auditProcedures(os: Guarded, { store, trail, relays }: ApiServices) {
  /** Relays of the sites that the reader may see; one that is revoked has no say any more. */
  const witnesses = async (scope: Scope): Promise<Witness[]> =>
    (await relays.list(scope)).filter(({ revokedAt }) => revokedAt === null);
  return {
    list: os.audit.list.handler(({ input: { limit, cursor, ...filter }, context }) =>
      listAudit(store.db, context.scope, { limit, cursor }, filter),
    ),
    // Of the whole chain: its length alone tells how much goes on elsewhere.
    verify: os.audit.verify.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      return trail.verify(await witnesses(context.scope), input);
    }),
    checkpoints: os.audit.checkpoints.handler(async ({ input, context }) => {
      mustSeeAll(context.scope);
      return trail.checkpoints(await witnesses(context.scope), input);
    }),
    export: os.audit.export.handler(elsewhere),
  };
}
