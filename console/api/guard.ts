// The one way into every operation: its declared right is asked of can(), and its errors leave with a stable code.
import { implement, ORPCError } from '@orpc/server';
import { type Actor, actorName, can } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import { contract } from '#shared/contract/contract.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { ApiContext } from './api-context.ts';
import { toApiError } from './problems.ts';

/** What the actor may see with this right; throws `unauthenticated` or `denied`. */
export function permitted(actor: Actor, permission: string): Scope {
  const decision = can(actor, permission);
  if (decision.allowed) return decision.scope;
  throw new AppError(decision.reason, `${actorName(actor)} may not ${permission}`);
}

/** Inside an operation the actor may do it, and `scope` is what it may see. */
export type Guarded = ReturnType<typeof guarded>;

/** Asked before the input is looked at: who may not do a thing learns nothing else of it. */
export function guarded(log: Logger) {
  const os = implement(contract).$context<ApiContext>();
  return os.use(async ({ context, procedure, path, next }) => {
    const { permission } = procedure['~orpc'].meta;
    try {
      return await next({ context: { scope: permitted(context.actor, permission) } });
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
