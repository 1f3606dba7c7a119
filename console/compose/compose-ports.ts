// The browsers' ports: plain on loopback, TLS beyond it; the enrolment doors stand on both.
import { existsSync, readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type HttpBindings, type ServerType, serve } from '@hono/node-server';
import type { Hono } from 'hono';
import { can } from '#console/access/can.ts';
import { createApp } from '#console/api/app.ts';
import type { ApiServices } from '#console/api/services.ts';
import { loadStaticFiles } from '#console/api/static-web.ts';
import type { StreamDoor } from '#console/api/stream-door.ts';
import { socketsOf } from '#console/api/stream-upgrade.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import { AttemptLimiter } from '#console/gateway/attempt-limiter.ts';
import { EnrolmentDesk } from '#console/gateway/enrolment-desk.ts';
import { enrolmentEndpoint } from '#console/gateway/enrolment-endpoint.ts';
import { charterOf } from '#console/trust/charter-service.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import { systemRandom } from '#shared/base/id.ts';
import type { Trust } from './compose-trust.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { boundConnections, MAX_OF_AN_ADDRESS, REQUEST_BOUNDS, TLS_BOUNDS } from './port-bounds.ts';

/** What the ports serve; they add where they stand. */
export type ServedByPorts = Omit<ApiServices, 'urls' | 'streams'> & { streams: StreamDoor };

interface Parts {
  services: ServedByPorts;
  trust: Trust;
  audit: Audit;
  relayPort: number;
}

const LOOPBACK = '127.0.0.1';

export async function composePorts(
  config: ConsoleConfig,
  { log, clock, stack }: ConsoleDeps,
  parts: Parts,
): Promise<{ url: string; httpsPort: number }> {
  const { trust } = parts;
  const { listen } = config;
  const [name = 'localhost'] = config.names;
  const hosts = new Set([...config.names, 'localhost', '127.0.0.1', '::1'].map((host) => host.toLowerCase()));
  const web = loadStaticFiles(webFolder());
  const urls = { browser: '', enrolment: '' };
  const origins = new Set<string>(config.signIn.origins);
  const services: ApiServices = { ...parts.services, urls };
  const limiter = new AttemptLimiter({ clock });
  const enrolment = enrolmentDoors({ log, clock, stack }, parts, limiter);

  const plain = createApp({ services, hosts, web, isSecure: false, enrolment, origins, meter: services.http });
  const http = serve({ fetch: plain.fetch, hostname: LOOPBACK, port: listen.httpPort, serverOptions: REQUEST_BOUNDS });
  boundConnections(http, log);
  http.on('upgrade', socketsOf({ door: parts.services.streams, hosts, isSecure: false }));
  const httpPort = await listening(http, LOOPBACK, listen.httpPort);
  stack.add('http port', () => closed(http));

  const secure = createApp({ services, hosts, web, isSecure: true, enrolment, origins, meter: services.http });
  const https = serve({
    fetch: secure.fetch,
    hostname: listen.host,
    port: listen.httpsPort,
    createServer: createHttpsServer,
    serverOptions: { ...tlsFiles(config, trust), ...TLS_BOUNDS, ...REQUEST_BOUNDS },
  });
  boundConnections(https, log, MAX_OF_AN_ADDRESS);
  https.on('upgrade', socketsOf({ door: parts.services.streams, hosts, isSecure: true }));
  const httpsPort = await listening(https, listen.host, listen.httpsPort);
  stack.add('https port', () => closed(https));
  // Before the ports: they wait until the last socket is closed.
  stack.add('sessions', () => parts.services.streams.stop());

  for (const origin of ownOrigins(config.names, { httpPort, httpsPort })) origins.add(origin);
  urls.browser = `http://localhost:${httpPort}`;
  urls.enrolment = `https://${name.includes(':') ? `[${name}]` : name}:${httpsPort}`;
  return { url: urls.browser, httpsPort };
}

/** As browsers write them; a port that stands for the scheme's own is left out by them. */
function ownOrigins(names: readonly string[], { httpPort, httpsPort }: { httpPort: number; httpsPort: number }) {
  const urls = [`http://localhost:${httpPort}`, ...names.map((host) => `https://${host}:${httpsPort}`)];
  return urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).origin);
}

function enrolmentDoors(
  { log, clock }: ConsoleDeps,
  { services, trust, audit, relayPort }: Parts,
  limiter: AttemptLimiter,
) {
  const { store, tokens, relays, devices, sites, actions, feed } = services;
  const boot = can({ kind: 'system', part: 'enrolment' }, 'site.read');
  if (!boot.allowed) throw new AppError('internal', 'enrolment may not read sites');
  const desk = new EnrolmentDesk({
    store,
    clock,
    random: systemRandom,
    authority: trust.authority,
    owner: trust.owner,
    tokens,
    relays,
    charterOf: async (site) => (await charterOf(store.db, boot.scope, site)).signed,
    onEnrolled: async (tx, link, machine) => {
      // A simulated site holds simulated devices only: the machine its relay runs on is none.
      if ((await sites.isSimulated(tx, link.site)) && machine.kind === 'site') return;
      await devices.enrolOwnMachine(tx, link, machine);
    },
    moveRoster: (tx, from, to) => devices.moveRoster(tx, from, to),
    onReplaced: (former, { site }) => {
      feed.publish({ kind: 'estate', what: 'relays', site });
      feed.publish({ kind: 'estate', what: 'devices', site });
      actions
        .abandon(former)
        .catch((error: unknown) => log.room('enrolment').error(describeError(error), 'orders of a replaced relay'));
    },
    linkPort: () => relayPort,
  });
  const app = enrolmentEndpoint({
    desk,
    limiter,
    store,
    audit,
    log: log.room('enrolment'),
    addressOf: (context) => (context.env as HttpBindings).incoming.socket.remoteAddress ?? 'unknown', // node-server gives these bindings
    onAlarm: (detail) => log.room('enrolment').error({ detail }, 'enrolment is locked'),
  });
  return app as unknown as Hono<{ Bindings: HttpBindings }>; // the same app, said to run on node-server
}

function tlsFiles(config: ConsoleConfig, trust: Trust): { key: string; cert: string } {
  const { certificateFile, keyFile } = config.tls;
  if (certificateFile === undefined && keyFile === undefined)
    return { key: trust.server.privateKey, cert: trust.server.certificate };
  if (certificateFile === undefined || keyFile === undefined) {
    throw new AppError('config-invalid', 'tls.certificateFile and tls.keyFile go together');
  }
  return { cert: readFileSync(certificateFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}

/** Beside the bundle in a release, in the sources' dist folder otherwise. */
function webFolder(): string {
  const script = process.argv[1] ?? '';
  const beside = path.join(path.dirname(script), 'web');
  return existsSync(path.join(beside, 'index.html')) ? beside : path.join(path.dirname(script), 'console/web/dist');
}

function listening(server: ServerType, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('listening', () => {
      const address = server.address() as AddressInfo; // a TCP server
      resolve(address.port);
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      const what = error.code === 'EADDRINUSE' ? 'is in use by another program' : error.message;
      reject(new AppError('unavailable', `${host}:${port} ${what}`, { cause: error }));
    });
  });
}

function closed(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Live feeds never end by themselves.
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}
