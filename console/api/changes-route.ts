// GET /api/changes: the one operation that does not pass through the handler, because its bytes are made once for all viewers.
import type { HttpBindings } from '@hono/node-server';
import { ORPCError } from '@orpc/server';
import type { Context } from 'hono';
import { FeedInterest, systemContract } from '#shared/contract/system-contract.ts';
import type { ApiContext } from './api-context.ts';
import { permitted } from './guard.ts';
import { openFeed } from './live-feed.ts';
import { encodeProblem, problemResponse } from './problems.ts';
import type { ApiServices } from './services.ts';

const { meta, route } = systemContract.changes['~orpc'];
/** Below the API's prefix. */
export const CHANGES_PATH = route.path ?? '/changes';

type FeedContext = Context<{ Bindings: HttpBindings }>;

/** The same contract row, the same right, the same errors as every operation. */
export function changesResponse(c: FeedContext, context: ApiContext, services: ApiServices): Response {
  const scope = permitted(context.actor, meta.permission);
  const asked = FeedInterest.safeParse(c.req.query());
  if (!asked.success) {
    const { issues } = asked.error;
    return problemResponse(encodeProblem(new ORPCError('BAD_REQUEST', { data: { issues } })));
  }
  const { watch, fleet } = asked.data;
  const stream = openFeed(services, {
    scope,
    isFleet: fleet === true,
    watched: new Set(watch),
    lastId: c.req.header('last-event-id'),
    isStillSignedIn: context.isStillSignedIn,
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
