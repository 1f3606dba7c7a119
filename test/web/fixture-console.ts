// A fake of the console's API that keeps the contract, for hostile texts and for work on the pages: run it alone to look at them.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import path from 'node:path';
import { OpenAPIHandler } from '@orpc/openapi/node';
import { implement, ORPCError } from '@orpc/server';
import { SECURITY_HEADERS } from '#console/api/security-headers.ts';
import { findStatic, loadStaticFiles } from '#console/api/static-web.ts';
import type { NewsChange } from '#console/live/waiting-changes.ts';
import { systemClock } from '#shared/base/clock.ts';
import { API_PREFIX, contract } from '#shared/contract/contract.ts';
import type { ToldChange } from '#shared/model/change.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { answerChanges, fixtureFeed, numberOf, pollFixture } from './fixture-changes.ts';
import { actionRoutes, deviceRoutes } from './fixture-device.ts';
import { overview, search, sites } from './fixture-estate.ts';
import { device, events, history, relays, statusOf } from './fixture-fleet.ts';
import { healthRoutes } from './fixture-health.ts';
import { incidentRoutes } from './fixture-incidents.ts';
import { FixtureKept } from './fixture-kept.ts';
import { fittingPage, fleetRoutes, keptRoutes } from './fixture-kept-routes.ts';
import { fixtureSource, metricRoutes, tornHistory } from './fixture-metrics.ts';
import { notifyRoutes } from './fixture-notify.ts';
import { peopleRoutes, sessionRoutes } from './fixture-people.ts';
import { storageRoutes } from './fixture-storage.ts';

export const FIXTURE_SECRET = 'fixture-secret-of-twenty';
const COOKIE = 'fixture=signed-in';

export interface FixtureConsole {
  origin: string;
  /** The one-time link; here it works any number of times. */
  link: string;
  publish: (change: NewsChange) => void;
  /** To those who watch the device. */
  tell: (change: ToldChange) => void;
  /** Feeds that are open now. */
  viewers: () => number;
  /** From now on every call of the API fails as at a gateway whose console is away. */
  breakApi: (isBroken: boolean) => void;
  /** From now on no session holds. */
  endSessions: (areEnded: boolean) => void;
  /** Cuts every connection, as a console does that is restarted. */
  cut: () => void;
  stop: () => Promise<void>;
}

interface Context {
  isSignedIn: boolean;
}

const now = () => systemClock.now();
const me = {
  person: 'p1',
  name: 'owner',
  version: '0.1.0',
  hasUnexportedOwner: false,
  hasUnwrittenPaper: false,
  roles: ['owner'],
  verbs: ['*'],
  mustEnrol: false,
  steppedUpUntil: null,
  expiresAt: null,
  session: null,
};

/** Every operation but the public ones asks for the cookie, as the real ones do. */
export type Guarded = ReturnType<typeof guard>;
function guard() {
  const os = implement(contract).$context<Context>();
  return os.use(({ context, procedure, next }) => {
    const isOpen = procedure['~orpc'].meta.permission === 'public';
    if (!isOpen && !context.isSignedIn)
      throw new ORPCError('UNAUTHENTICATED', { status: 401, message: 'sign in first' });
    return next();
  });
}

function router(devices: number, siteCount: number) {
  const guarded = guard();
  const kept = new FixtureKept(devices);
  const shape = { devices, sites: devices === 0 ? 0 : siteCount };
  const known = (id: string) => {
    const n = numberOf(id);
    if (n >= devices) throw new ORPCError('NOT_FOUND', { status: 404, message: `no device ${id}` });
    return n;
  };
  return {
    session: {
      create: guarded.session.create.handler(({ input }) => {
        if (input.secret === FIXTURE_SECRET) return me;
        throw new ORPCError('TOKEN_USED', { status: 401, message: 'this link was used already' });
      }),
      me: guarded.session.me.handler(() => me),
      remove: guarded.session.remove.handler(() => ({ signedOut: true as const })),
      ...sessionRoutes(guarded),
    },
    devices: {
      ...deviceRouter(guarded, kept, known),
      ...fleetRoutes(guarded, kept),
      ...deviceRoutes(guarded, kept, known),
    },
    actions: actionRoutes(guarded),
    ...metricRoutes(guarded, devices, now),
    ...storageRoutes(guarded, now),
    ...incidentRoutes(guarded, now),
    ...healthRoutes(guarded, now),
    ...notifyRoutes(guarded, now),
    ...peopleRoutes(guarded),
    ...keptRoutes(guarded, kept),
    relays: { list: guarded.relays.list.handler(() => ({ items: devices === 0 ? [] : relays(now()) })) },
    system: {
      status: guarded.system.status.handler(() => ({
        version: me.version,
        engine: 'fixture',
        incarnation: 'fixture',
        startedAt: 0,
        now: now(),
        devices: countsOf(devices),
        counters: {},
        lost: 0,
        quarantined: 0,
      })),
      overview: guarded.system.overview.handler(() => overview(shape, now())),
      search: guarded.system.search.handler(({ input }) => search(shape, input.q, input.limit, now())),
    },
    standing: { list: guarded.standing.list.handler(() => ({ items: [] })) },
    sites: { list: guarded.sites.list.handler(() => ({ items: sites(shape, now()) })) },
  };
}

function deviceRouter(guarded: Guarded, kept: FixtureKept, numberOf: (id: string) => number) {
  const devices = kept.size;
  return {
    list: guarded.devices.list.handler(({ input }) => {
      const from = Number(input.cursor ?? 0);
      const to = Math.min(devices, from + input.limit);
      const names = input.names === undefined ? undefined : new Set(input.names.split(','));
      if (input.q !== undefined) return fittingPage(kept, input.q);
      const items = Array.from({ length: to - from }, (_, i) => device(from + i, now(), names));
      return { items, total: devices, nextCursor: to < devices ? String(to) : null };
    }),
    metrics: guarded.devices.metrics.handler(({ input }) => {
      const { from, to, maxPoints } = input;
      const names = new Set(input.names?.split(','));
      const ask = { names, from, to, maxPoints };
      // A day and less is whole: pages of one device are looked at by it.
      if (to - from <= 86_400_000) return { series: history(numberOf(input.id), now(), ask) };
      return { series: tornHistory(numberOf(input.id), ask, now()), source: fixtureSource(from, to, now()) };
    }),
    events: guarded.devices.events.handler(({ input }) => ({ events: events(numberOf(input.id), now()) })),
    watch: guarded.devices.watch.handler(() => ({ intervalMs: 5_000, forMs: 30_000 })),
  };
}

function countsOf(devices: number): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let n = 0; n < devices; n += 1) counts[statusOf(n)] = (counts[statusOf(n)] ?? 0) + 1;
  return counts;
}

export async function startFixtureConsole(options: {
  devices: number;
  sites?: number;
  port?: number;
  isLive?: boolean;
}): Promise<FixtureConsole> {
  const feed = fixtureFeed();
  const stop = new AbortController();
  const handler = new OpenAPIHandler(router(options.devices, options.sites ?? 4));
  const state = { isBroken: false, areSessionsEnded: false };
  const server = createServer((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    if (state.isBroken && request.url?.startsWith(API_PREFIX) === true) return void response.writeHead(503).end();
    const context = { isSignedIn: !state.areSessionsEnded && request.headers.cookie?.includes(COOKIE) === true };
    if (request.url === `${API_PREFIX}/session` && request.method === 'POST')
      response.setHeader('set-cookie', `${COOKIE}; Path=/; HttpOnly; SameSite=Strict`);
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === `${API_PREFIX}/changes`) {
      if (context.isSignedIn) answerChanges(feed, request, response);
      else response.writeHead(401).end();
      return;
    }
    const { matched } = await handler.handle(request, response, { prefix: API_PREFIX, context });
    if (!matched) serveFile(request, response);
  }
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  void feed.run(systemClock, stop.signal);
  if (options.isLive !== false) void pollFixture(feed, options.devices, stop.signal);
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const origin = `http://localhost:${port}`;
  return {
    origin,
    link: `${origin}/sign-in#${FIXTURE_SECRET}`,
    publish: (change) => feed.publish(change),
    tell: (change) => feed.publishTold(change),
    viewers: () => feed.stats().viewers,
    breakApi: (isBroken) => {
      state.isBroken = isBroken;
    },
    endSessions: (areEnded) => {
      state.areSessionsEnded = areEnded;
    },
    cut: () => server.closeAllConnections(),
    stop: async () => {
      stop.abort();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Read anew each time: a build while it runs is seen at the next reload. */
function serveFile(request: IncomingMessage, response: ServerResponse): void {
  const files = loadStaticFiles(path.join(PROJECT, 'console/web/dist'));
  const file = findStatic(files, new URL(request.url ?? '/', 'http://localhost').pathname);
  if (file === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': file.type }).end(file.body);
}

const [, script, port = '18090', devices = '48'] = process.argv;
if (script?.endsWith('fixture-console.ts') === true) {
  const { link } = await startFixtureConsole({ devices: Number(devices), port: Number(port) });
  process.stdout.write(`${link}\n`);
}
