// What other programs scrape, past the handler: text that is written as it is read, under the same rights as every operation.
import { CompressionStream } from 'node:stream/web';
import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import { EXPOSITION_TYPE } from '#console/metrics/mirror/exposition-text.ts';
import { siteExposition } from '#console/query/site-exposition.ts';
import { SiteId } from '#shared/base/id.ts';
import { API_PREFIX } from '#shared/contract/contract.ts';
import { expositionContract, type ScrapeTargets } from '#shared/contract/exposition-contract.ts';
import type { ApiContext } from './api-context.ts';
import { consoleExposition } from './console-exposition.ts';
import { acceptedEncodings } from './content-encoding.ts';
import { mustSeeAll, permitted } from './guard.ts';
import { problemResponse, wrongField } from './problems.ts';
import type { ApiServices } from './services.ts';

type AppContext = Context<{ Bindings: HttpBindings }>;
type Answering = (c: AppContext, context: ApiContext, services: ApiServices) => Promise<Response>;

const SITES_PATH = '/exposition/sites';
/** Where Prometheus looks by itself. */
export const METRICS_PATH = '/metrics';

/** Stands before the routes of the API and of the pages. */
export function mountExposition(
  app: Hono<{ Bindings: HttpBindings }>,
  services: ApiServices,
  contextOf: (c: AppContext) => Promise<ApiContext>,
): void {
  const answers = (respond: Answering) => async (c: AppContext) => respond(c, await contextOf(c), services);
  app.get(`${API_PREFIX}/exposition/console`, answers(consoleResponse));
  app.get(`${API_PREFIX}${SITES_PATH}/:id`, answers(siteResponse));
  app.get(`${API_PREFIX}/exposition/targets`, answers(targetsResponse));
  app.get(METRICS_PATH, async (c, next) => {
    // A browser that opens this address means a page of the console.
    if (c.req.header('accept')?.includes('text/html') === true) return next();
    return consoleResponse(c, await contextOf(c), services);
  });
}

async function consoleResponse(_c: AppContext, { actor }: ApiContext, services: ApiServices): Promise<Response> {
  mustSeeAll(await permitted(services, actor, expositionContract.console['~orpc'].meta));
  return new Response(consoleExposition(services), {
    headers: { 'content-type': EXPOSITION_TYPE, 'cache-control': 'no-store' },
  });
}

async function siteResponse(c: AppContext, { actor }: ApiContext, services: ApiServices): Promise<Response> {
  const scope = await permitted(services, actor, expositionContract.site['~orpc'].meta);
  const site = SiteId.safeParse(c.req.param('id'));
  if (!site.success) return problemResponse(wrongField('id', 'is no id of a site'));
  const pieces = await siteExposition(services, scope, site.data);
  if (pieces === undefined) return problemResponse({ code: 'not-found', detail: 'no such site' });
  const headers = new Headers({
    'content-type': EXPOSITION_TYPE,
    'cache-control': 'no-store',
    vary: 'accept-encoding',
  });
  const isSmall = acceptedEncodings(c.req.header('accept-encoding')).includes('gzip');
  const body = streamOf(pieces);
  if (!isSmall) return new Response(body, { headers });
  headers.set('content-encoding', 'gzip');
  return new Response(body.pipeThrough(new CompressionStream('gzip')), { headers });
}

/** The next piece is made when the former one was taken: a slow reader costs nothing, and others have their turn between. */
function streamOf(pieces: Generator<string, void>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: (controller) => {
        const piece = pieces.next();
        if (piece.done === true) controller.close();
        else controller.enqueue(encoder.encode(piece.value));
      },
    },
    { highWaterMark: 0 },
  );
}

/** Labels that begin with `__meta_` are for relabelling alone: those of the samples themselves stay as they are. */
async function targetsResponse(
  c: AppContext,
  { actor, isSecure }: ApiContext,
  services: ApiServices,
): Promise<Response> {
  const scope = await permitted(services, actor, expositionContract.targets['~orpc'].meta);
  const host = c.req.header('host') ?? '';
  const targets: ScrapeTargets = [];
  for (const { id, name, customerId, customerName } of services.fleet.sitesSeen(scope)) {
    const labels = {
      __scheme__: isSecure ? 'https' : 'http',
      __metrics_path__: `${API_PREFIX}${SITES_PATH}/${id}`,
      ...{ __meta_rmm_site: name, __meta_rmm_site_id: id },
      ...{ __meta_rmm_customer: customerName, __meta_rmm_customer_id: customerId },
    };
    targets.push({ targets: [host], labels });
  }
  return Response.json(targets, { headers: { 'cache-control': 'no-store' } });
}
