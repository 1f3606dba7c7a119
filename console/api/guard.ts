// The one way into every operation: its declared right is asked of can(), and its errors leave with a stable code.
import { implement, ORPCError } from '@orpc/server';
import { type Actor, actorName, can, mayEndanger } from '#console/access/can.ts';
import type { Refusals } from '#console/access/refusals.ts';
import { rolesWith } from '#console/access/roles.ts';
import { NOTHING_SCOPE, type Scope, seesEverything } from '#console/access/scope.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import { contract } from '#shared/contract/contract.ts';
import type { OperationMeta } from '#shared/contract/meta.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { ApiContext } from './api-context.ts';
import { toApiError } from './problems.ts';

interface OperationDeps extends GuardDeps {
  log: Logger;
  people: { refusals: Pick<Refusals, 'tell'> };
}

export interface GuardDeps {
  clock: Pick<Clock, 'now'>;
  /** Knows where rights over customers, groups and tags lead. */
  fleet: Pick<FleetIndex, 'settled' | 'readScope'>;
}

/** What the actor may see with this right; throws `unauthenticated`, `denied` or `step-up-required`. */
export async function permitted(
  { clock, fleet }: GuardDeps,
  actor: Actor,
  { permission, danger }: OperationMeta,
): Promise<Scope> {
  const now = clock.now();
  const decision = can(actor, permission, undefined, now);
  if (!decision.allowed)
    throw new AppError(
      decision.reason,
      `${actorName(actor)} may not ${permission}; ${rolesWith(permission).join(', ')} may`,
    );
  const proof = danger === 'dangerous' ? mayEndanger(actor, now) : 'yes';
  if (proof === 'never') throw new AppError('denied', 'this token may do nothing that is dangerous');
  if (proof === 'step-up')
    throw new AppError('step-up-required', 'this is dangerous: prove once more that it is you, and do it again');
  return await readScope(fleet, decision.scope);
}

/** What a request wrote before, its next one finds: a scope is read from what is known by then. */
export async function readScope(fleet: GuardDeps['fleet'], scope: Scope): Promise<Scope> {
  if (scope.kind !== 'claim') return scope;
  await fleet.settled();
  return fleet.readScope(scope);
}

/** What the actor may see by another right, for an answer that is made of several things; nothing where they lack it. */
async function scopeFor({ clock, fleet }: GuardDeps, actor: Actor, verb: string): Promise<Scope> {
  const decision = can(actor, verb, undefined, clock.now());
  return decision.allowed ? await readScope(fleet, decision.scope) : NOTHING_SCOPE;
}

/** For what is of the console as a whole and names parts of it: throws `denied` where they see a part alone. */
export function mustSeeAll(scope: Scope): void {
  if (!seesEverything(scope)) throw new AppError('denied', 'this is for those who see the whole estate');
}

/** Inside an operation the actor may do it, and `scope` is what it may see. */
export type Guarded = ReturnType<typeof guarded>;

/** Asked before the input is looked at: who may not do a thing learns nothing else of it. */
export function guarded(deps: OperationDeps) {
  const os = implement(contract).$context<ApiContext>();
  return os.use(async ({ context, procedure, path, next }) => {
    try {
      const { actor } = context;
      const scope = await permitted(deps, actor, procedure['~orpc'].meta);
      return await next({ context: { scope, scopeOf: (verb: string) => scopeFor(deps, actor, verb) } });
    } catch (error) {
      if (error instanceof ORPCError) throw error;
      if (error instanceof AppError && error.code === 'denied')
        await tellRefused(deps, context, { operation: path.join('.'), meta: procedure['~orpc'].meta });
      if (!(error instanceof AppError) || error.code === 'internal') {
        deps.log.error(
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

/** A change that somebody may not make stands in the trail: who tries doors is seen. That it cannot be written changes no answer. */
async function tellRefused(
  { people, log }: OperationDeps,
  { actor, address }: ApiContext,
  { operation, meta }: { operation: string; meta: OperationMeta },
): Promise<void> {
  if (actor.kind !== 'person' || meta.audit === 'none') return;
  await people.refusals
    .tell({ actor, verb: meta.permission, resource: `operation:${operation}`, address })
    .catch((error: unknown) => log.error({ operation, ...describeError(error) }, 'a refusal was not written down'));
}
