// The console's HTTP face: the API through its OpenAPI handler alone, the enrolment doors, the web, and the headers of all of them.
import type { HttpBindings } from '@hono/node-server';
import { OpenAPIHandler } from '@orpc/openapi/fetch';
import { ResponseHeadersPlugin } from '@orpc/server/plugins';
import { type Context, Hono } from 'hono';
import { AppError, describeError } from '#shared/base/errors.ts';
import { API_PREFIX } from '#shared/contract/contract.ts';
import { PROBLEM_TYPE } from '#shared/contract/problem.ts';
import { type ApiContext, readSession, sessionCookie } from './api-context.ts';
import { AUDIT_EXPORT_PATH, auditExportResponse } from './audit-export-route.ts';
import { CHANGES_PATH, changesResponse } from './changes-route.ts';
import { COLUMNS_PATH, ColumnsAnswers, columnsResponse } from './columns-route.ts';
import { encodedResponse } from './content-encoding.ts';
import { mountExposition } from './exposition-routes.ts';
import type { HttpMeter } from './http-meter.ts';
import { answerOnce } from './idempotency.ts';
import { METRIC_EXPORT_PATH, metricExportResponse } from './metric-export-route.ts';
import { openApiDocument } from './openapi-document.ts';
import { findOperation, type Operation } from './operations.ts';
import { encodeProblem, problemResponse, wrongField } from './problems.ts';
import { assertShape, isJson, MAX_BODY_BYTES, MAX_STRANGER_BYTES, readBody, withBody } from './request-body.ts';
import { hostOf, type RimRequest, refusedAtRim } from './request-rim.ts';
import { apiRouter } from './router.ts';
import { answerHeaders } from './security-headers.ts';
import type { ApiServices } from './services.ts';
import { mountSso } from './sso-routes.ts';
import { findStatic, type StaticFile, staticResponse } from './static-web.ts';

export interface AppOptions {
  services: ApiServices;
  /** Names and addresses this console answers to, lower case, without ports. */
  hosts: ReadonlySet<string>;
  web: ReadonlyMap<string, StaticFile>;
  isSecure: boolean;
  /** Where pages of this console stand, as browsers write it: passkeys work there alone. Filled once the ports listen. */
  origins?: ReadonlySet<string>;
  /** Counts what is answered. */
  meter?: HttpMeter;
  /** The enrolment doors; absent on a port that does not serve them. */
  enrolment?: Hono<{ Bindings: HttpBindings }>;
}

type App = Hono<{ Bindings: HttpBindings }>;
type AppContext = Context<{ Bindings: HttpBindings }>;

export function createApp(options: AppOptions): App {
  const app: App = new Hono();
  const { meter, services } = options;
  if (meter !== undefined)
    app.use(async (c, next) => {
      const seconds = () => services.clock.monotonic() / 1_000;
      const answered = meter.begin(c.req.method, seconds());
      let status = 500;
      try {
        await next();
        status = c.res.status;
      } finally {
        answered(status, seconds());
      }
    });
  app.use(async (c, next) => {
    const asked = atRim(c, options);
    const refusal = refusedAtRim(asked);
    if (refusal === undefined) await next();
    else c.res = problemResponse(refusal);
    for (const [name, value] of Object.entries(answerHeaders({ isSecure: options.isSecure, host: hostOf(asked) })))
      c.res.headers.set(name, value);
    const renewed = RENEWED.get(c.req.raw);
    // Who signs in or out with this very answer gets that cookie, and no other.
    if (renewed !== undefined && !c.res.headers.has('set-cookie')) c.res.headers.append('set-cookie', renewed);
  });
  if (options.enrolment !== undefined) app.route('/', options.enrolment);
  mountApi(app, options);
  mountSso(app, options);
  app.get('*', (c) => serveWeb(c, options.web));
  app.notFound(() => problemResponse({ code: 'not-found', detail: 'nothing answers here' }));
  app.onError((error) => {
    const { code, message } = describeError(error);
    if (error instanceof AppError && code !== 'internal') return problemResponse({ code, detail: message });
    options.services.log.error({ code, message }, 'a request broke');
    return problemResponse({ code: 'internal', detail: 'something broke inside the console; its log says what' });
  });
  return app;
}

function mountApi(app: App, options: AppOptions): void {
  const { services } = options;
  const handler = new OpenAPIHandler<ApiContext>(apiRouter(services), {
    plugins: [new ResponseHeadersPlugin<ApiContext>()],
    customErrorResponseBodyEncoder: encodeProblem,
  });
  let document: Promise<object> | undefined;
  app.get(`${API_PREFIX}/openapi.json`, async (c) => {
    document ??= openApiDocument();
    return encodedResponse(c.req.header('accept-encoding'), c.json(await document));
  });
  app.get(`${API_PREFIX}${CHANGES_PATH}`, async (c) => {
    // It comes here as GET would, and nobody would read or end the feed that it opens.
    if (c.req.method === 'HEAD') return noOperation('HEAD', ['GET']);
    return changesResponse(c, await contextOf(c, options), services);
  });
  app.get(`${API_PREFIX}${AUDIT_EXPORT_PATH}`, async (c) => {
    // It comes here as GET would, and nobody would read what it writes.
    if (c.req.method === 'HEAD') return noOperation('HEAD', ['GET']);
    return auditExportResponse(c, await contextOf(c, options), services);
  });
  mountExposition(app, services, (c) => contextOf(c, options));
  app.get(`${API_PREFIX}${METRIC_EXPORT_PATH}`, async (c) => {
    if (c.req.method === 'HEAD') return noOperation('HEAD', ['GET']);
    return metricExportResponse(c, await contextOf(c, options), services);
  });
  const columns = new ColumnsAnswers(services);
  app.get(`${API_PREFIX}${COLUMNS_PATH}`, async (c) =>
    columnsResponse(c, await contextOf(c, options), { answers: columns, guard: services }),
  );
  app.all(`${API_PREFIX}/*`, async (c) => {
    const found = findOperation(c.req.method, new URL(c.req.url).pathname.slice(API_PREFIX.length));
    if ('allowed' in found) return noOperation(c.req.method, found.allowed);
    const context = await contextOf(c, options);
    return encodedResponse(c.req.header('accept-encoding'), await answer(c.req.raw, context, found.operation));
  });

  async function answer(raw: Request, context: ApiContext, operation: Operation): Promise<Response> {
    const body = await readBody(raw, bodyBound(context, operation));
    // A form without fields is one all the same: no page needs to ask before it posts that.
    if ((body !== undefined || raw.headers.has('content-type')) && !isJson(raw))
      return problemResponse(wrongField('Content-Type', 'must be application/json', 415));
    if (body !== undefined) assertShape(body);
    return answerOnce(services, { context, operation, request: raw, body }, async () => {
      const { matched, response } = await handler.handle(withBody(raw, body), { prefix: API_PREFIX, context });
      if (!matched) return noOperation(raw.method, []);
      response.headers.set('cache-control', 'no-store');
      if (response.status >= 400) response.headers.set('content-type', PROBLEM_TYPE);
      return response;
    });
  }
}

/** Strangers never make us hold a large file. */
const bodyBound = ({ actor }: ApiContext, { meta }: Operation): number =>
  actor.kind === 'anonymous' ? MAX_STRANGER_BYTES : (meta.maxBodyBytes ?? MAX_BODY_BYTES);

function noOperation(method: string, allowed: readonly string[]): Response {
  if (allowed.length === 0) return problemResponse({ code: 'not-found', detail: 'no such operation' });
  const detail = `${method.slice(0, 20)} is none of the methods of this path: ${allowed.join(', ')}`;
  return problemResponse({ code: 'bad-request', status: 405, detail }, { allow: allowed.join(', ') });
}

const atRim = (c: AppContext, { hosts, isSecure }: AppOptions): RimRequest => ({
  method: c.req.method,
  rawHeaders: c.env.incoming.rawHeaders,
  names: hosts,
  isSecure,
});

/** What proxies add; believed in one way alone: whoever sends it is none of this machine. */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const;

async function contextOf(c: AppContext, { services, isSecure, origins }: AppOptions): Promise<ApiContext> {
  const { people } = services;
  const session = readSession(c.req.header('cookie'), isSecure);
  const token = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  const address = c.env.incoming.socket.remoteAddress;
  const agent = c.req.header('user-agent');
  const isForwarded = FORWARDED.some((name) => c.req.header(name) !== undefined);
  const { actor, expiresAt, renewed } = await people.identify({ session, token }, { address, agent, isForwarded });
  if (renewed !== undefined && expiresAt !== null) {
    const seconds = Math.floor((expiresAt - services.clock.now()) / 1_000);
    RENEWED.set(c.req.raw, sessionCookie(renewed, isSecure, seconds));
  }
  const origin = `${isSecure ? 'https' : 'http'}://${c.req.header('host')}`;
  return {
    ...{ actor, session, expiresAt, isSecure, address, agent },
    origin: origins?.has(origin) ? origin : undefined,
    actorNow: () => people.actorNow(actor),
    onRevoked: (end) =>
      actor.kind === 'person'
        ? people.revocations.hold({ person: actor.id, session: actor.session, token: actor.token }, end)
        : () => undefined,
  };
}

/** Cookies with a new secret, for the answers of the requests that changed it. */
const RENEWED = new WeakMap<Request, string>();

async function serveWeb(c: AppContext, files: ReadonlyMap<string, StaticFile>): Promise<Response> {
  const file = findStatic(files, c.req.path);
  if (file === undefined)
    return c.text(files.size === 0 ? 'the web console is not built: npm run build' : 'not found', 404);
  return await staticResponse(file, {
    acceptEncoding: c.req.header('accept-encoding'),
    ifNoneMatch: c.req.header('if-none-match'),
  });
}
