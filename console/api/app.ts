// The console's HTTP face: the API through its OpenAPI handler alone, the enrolment doors, the web, and the headers of all of them.
import type { HttpBindings } from '@hono/node-server';
import { OpenAPIHandler } from '@orpc/openapi/fetch';
import { ResponseHeadersPlugin } from '@orpc/server/plugins';
import { type Context, Hono } from 'hono';
import { AppError, describeError } from '#shared/base/errors.ts';
import { API_PREFIX } from '#shared/contract/contract.ts';
import { type ApiContext, readSession } from './api-context.ts';
import { openApiDocument } from './openapi-document.ts';
import { apiRouter } from './router.ts';
import { isOwnHost, isOwnOrigin, SECURITY_HEADERS } from './security-headers.ts';
import type { ApiServices } from './services.ts';
import { findStatic, type StaticFile } from './static-web.ts';

export interface AppOptions {
  services: ApiServices;
  /** Names and addresses this console answers to, lower case, without ports. */
  hosts: ReadonlySet<string>;
  web: ReadonlyMap<string, StaticFile>;
  isSecure: boolean;
  /** The enrolment doors; absent on a port that does not serve them. */
  enrolment?: Hono<{ Bindings: HttpBindings }>;
}

type App = Hono<{ Bindings: HttpBindings }>;
type AppContext = Context<{ Bindings: HttpBindings }>;

/** A signed order for 2,000 devices is the largest thing anybody posts. */
const MAX_BODY_BYTES = 2 * 1024 * 1024;

const problem = (status: number, code: string, message: string) =>
  Response.json({ code, message, data: { code } }, { status });

export function createApp(options: AppOptions): App {
  const app: App = new Hono();
  app.use(async (c, next) => {
    const host = c.req.header('host');
    if (!isOwnHost(host, options.hosts)) return problem(421, 'denied', 'this console does not answer to that name');
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.res.headers.set(name, value);
  });
  if (options.enrolment !== undefined) app.route('/', options.enrolment);
  mountApi(app, options);
  app.get('*', (c) => serveWeb(c, options.web));
  app.onError((error) => {
    const { code, message } = describeError(error);
    if (error instanceof AppError) return problem(code === 'too-large' ? 413 : 403, code, message);
    options.services.log.error({ code, message }, 'a request broke');
    return problem(500, 'internal', 'something broke inside the console; its log says what');
  });
  return app;
}

function mountApi(app: App, options: AppOptions): void {
  const { services, isSecure } = options;
  const handler = new OpenAPIHandler<ApiContext>(apiRouter(services), {
    plugins: [new ResponseHeadersPlugin<ApiContext>()],
  });
  let document: Promise<object> | undefined;
  app.get(`${API_PREFIX}/openapi.json`, async (c) => {
    document ??= openApiDocument();
    return c.json(await document);
  });
  app.all(`${API_PREFIX}/*`, async (c) => {
    if (c.req.method !== 'GET') refuseForeign(c);
    const context = await contextOf(c, services, isSecure);
    const { matched, response } = await handler.handle(await bounded(c), { prefix: API_PREFIX, context });
    if (!matched) return problem(404, 'not-found', 'no such operation');
    response.headers.set('cache-control', 'no-store');
    return response;
  });
}

function refuseForeign(c: AppContext): void {
  const request = {
    host: c.req.header('host'),
    origin: c.req.header('origin'),
    fetchSite: c.req.header('sec-fetch-site'),
  };
  if (!isOwnOrigin(request)) throw new AppError('denied', 'a request from another site');
}

/** The request with its body read up to the bound; a longer one is refused before it is held in memory. */
async function bounded(c: AppContext): Promise<Request> {
  const { raw } = c.req;
  if (raw.body === null) return raw;
  if (Number(raw.headers.get('content-length') ?? 0) > MAX_BODY_BYTES) throw tooLarge();
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of raw.body) {
    size += part.length;
    if (size > MAX_BODY_BYTES) throw tooLarge();
    parts.push(part);
  }
  return new Request(raw.url, {
    method: raw.method,
    headers: raw.headers,
    body: Buffer.concat(parts),
    signal: raw.signal,
  });
}

const tooLarge = () => new AppError('too-large', `a request body is at most ${MAX_BODY_BYTES} bytes`);

async function contextOf(c: AppContext, services: ApiServices, isSecure: boolean): Promise<ApiContext> {
  const session = readSession(c.req.header('cookie'), isSecure);
  const bearer = /^Bearer (\S+)$/.exec(c.req.header('authorization') ?? '')?.[1];
  const authenticate = () => services.people.authenticate({ session, token: bearer });
  const actor = await authenticate();
  const isStillSignedIn = async () => (await authenticate()).kind !== 'anonymous';
  return { actor, session, isStillSignedIn, isSecure, address: c.env.incoming.socket.remoteAddress };
}

function serveWeb(c: AppContext, files: ReadonlyMap<string, StaticFile>): Response {
  const file = findStatic(files, c.req.path);
  if (file === undefined)
    return c.text(files.size === 0 ? 'the web console is not built: npm run build' : 'not found', 404);
  const headers = {
    'content-type': file.type,
    etag: file.etag,
    'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (c.req.header('if-none-match') === file.etag) return new Response(null, { status: 304, headers });
  return new Response(file.body, { headers });
}
