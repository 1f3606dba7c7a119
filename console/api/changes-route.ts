// GET /api/changes: the one operation that does not pass through the handler, because its bytes are made once for all viewers.
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { can } from '#console/access/can.ts';
import { scopeKey } from '#console/access/scope.ts';
import { FeedInterest, systemContract } from '#shared/contract/system-contract.ts';
import type { ApiContext } from './api-context.ts';
import { fieldFaultsOf } from './field-faults.ts';
import { permitted, readScope } from './guard.ts';
import { openFeed } from './live-feed.ts';
import { problemResponse, wrongField } from './problems.ts';
import type { ApiServices } from './services.ts';

const { meta, route } = systemContract.changes['~orpc'];
/** Below the API's prefix. */
export const CHANGES_PATH = route.path ?? '/changes';

type FeedContext = Context<{ Bindings: HttpBindings }>;

/** The same contract row, the same right, the same errors as every operation. */
export async function changesResponse(c: FeedContext, context: ApiContext, services: ApiServices): Promise<Response> {
  const scope = await permitted(services, context.actor, meta);
  const asked = FeedInterest.safeParse(c.req.query());
  if (!asked.success) {
    const [fault] = fieldFaultsOf(asked.error.issues);
    return problemResponse(wrongField(fault?.field ?? 'the query', fault?.message ?? 'does not fit'));
  }
  const { watch, fleet } = asked.data;
  const self = context.actor.kind === 'person' ? context.actor.id : undefined;
  const stream = openFeed(services, {
    scope,
    isFleet: fleet === true,
    watched: new Set(watch),
    lastId: c.req.header('last-event-id'),
    onRevoked: context.onRevoked,
    isAsBefore: async () => {
      const now = can(await context.actorNow(), meta.permission, undefined, services.clock.now());
      return now.allowed && scopeKey(await readScope(services.fleet, now.scope)) === scopeKey(scope);
    },
    onRightsChanged: (listener) =>
      services.rightsChanged.listen((person) => (person === self ? listener() : undefined)),
    cut: () => c.env.outgoing.destroy(),
  });
  const headers = {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    // Proxies that gather bytes would hold changes back.
    'x-accel-buffering': 'no',
  };
  return new Response(stream, { headers });
}
