// The one way into every operation: its declared right is asked of can(), and its errors leave with a stable code.
import { implement, ORPCError } from '@orpc/server';
import { actorName, can } from '#console/access/can.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import { contract } from '#shared/contract/contract.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { ApiContext } from './api-context.ts';
import { toApiError } from './problems.ts';

/** Inside an operation the actor may do it, and `scope` is what it may see. */
export type Guarded = ReturnType<typeof guarded>;

/** Asked before the input is looked at: who may not do a thing learns nothing else of it. */
export function guarded(log: Logger) {
  const os = implement(contract).$context<ApiContext>();
  return os.use(async ({ context, procedure, path, next }) => {
    const { permission } = procedure['~orpc'].meta;
    const decision = can(context.actor, permission);
    if (!decision.allowed) {
      const who = actorName(context.actor);
      throw toApiError(new AppError(decision.reason, `${who} may not ${permission}`));
    }
    try {
      return await next({ context: { scope: decision.scope } });
    } catch (error) {
      if (error instanceof ORPCError) throw error;
      if (!(error instanceof AppError) || error.code === 'internal') {
        log.error(
          {
            operation: path.join('.'),
            ...describeError(error),
            stack: error instanceof Error ? error.stack : undefined,
          },
          'an operation broke',
        );
      }
      throw toApiError(error);
    }
  });
}
