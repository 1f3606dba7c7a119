// The one way into every operation: its declared right is asked of can(), and its errors leave with a stable code.
import { implement, ORPCError } from '@orpc/server';
import { actorName, can } from '#console/access/can.ts';
import { AppError, describeError, type ErrorCode } from '#shared/base/errors.ts';
import { contract } from '#shared/contract/contract.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { ApiContext } from './api-context.ts';

const STATUS: Partial<Record<ErrorCode, number>> = {
  'bad-request': 400,
  'manifest-invalid': 400,
  'signature-invalid': 400,
  'charter-invalid': 400,
  unauthenticated: 401,
  'token-unknown': 401,
  'token-used': 401,
  'token-expired': 401,
  denied: 403,
  'not-found': 404,
  conflict: 409,
  'charter-rollback': 409,
  'too-large': 413,
  'rate-limited': 429,
  unavailable: 503,
};

/** An answer with our code in its body; an unexpected fault says nothing of its inside. */
export function toApiError(error: unknown): ORPCError<string, { code: ErrorCode }> {
  const { code, message } = describeError(error);
  const isOurs = error instanceof AppError && code !== 'internal';
  return new ORPCError(code.toUpperCase().replaceAll('-', '_'), {
    status: STATUS[code] ?? (isOurs ? 409 : 500),
    message: isOurs ? message : 'something broke inside the console; its log says what',
    data: { code },
    cause: error,
  });
}

/** Inside an operation the actor may do it, and `scope` is what it may see. */
export type Guarded = ReturnType<typeof guarded>;

/** Inside an operation the actor may do it, and `scope` is what it may see. */
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
