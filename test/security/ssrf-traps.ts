// Listeners on loopback that nobody should reach, and one that somebody may: each counts its connections and what was asked.
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { systemClock } from '#shared/base/clock.ts';
import { createAuthority, issueServerCertificate, loadAuthority } from '#shared/crypto/certificate.ts';
import type { OnEnd } from '#test/fixtures/console-kit.ts';
import { NAMES, type TrapPorts } from './ssrf-urls.ts';

/** What the one that may be reached answers, by its path. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export class Trap {
  connections = 0;
  readonly paths: string[] = [];
  /** As asked: nobody who gives a URL may choose it. */
  readonly hosts = new Set<string>();

  attach(server: Server): void {
    server.on('connection', () => {
      this.connections += 1;
    });
  }

  readonly answer: Answer = (request, response) => {
    this.paths.push(request.url ?? '');
    this.hosts.add(request.headers.host ?? '');
    response.end('inner');
  };
}

async function listen(server: Server, host: string, port: number, onEnd: OnEnd): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  onEnd(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return (server.address() as AddressInfo).port; // a TCP server that listens
}

export interface Traps {
  ports: TrapPorts;
  trap: Trap;
  /** Speaks TLS at 127.0.0.3, on the traps' port. */
  named: Trap;
  /** PEM that all of them are issued by. */
  ca: string;
}

export async function setTraps(onEnd: OnEnd, namedAnswer: Answer): Promise<Traps> {
  const now = systemClock.now();
  const authority = await loadAuthority(await createAuthority(now));
  const names = ['localhost', 'named.example.org', 'turning.example.org', ...NAMES.keys()];
  const ips = ['127.0.0.1', '127.0.0.2', '127.0.0.3', '::1'];
  const { privateKey, certificate } = await issueServerCertificate(authority, { names, ips, now });
  const secrets = { key: privateKey, cert: certificate };
  const [trap, named] = [new Trap(), new Trap()];
  const secure = (one: Trap, answer: Answer = one.answer) => {
    const server = createHttpsServer(secrets, answer);
    one.attach(server);
    return server;
  };
  const tls = await listen(secure(trap), '127.0.0.1', 0, onEnd);
  await listen(secure(trap), '127.0.0.2', tls, onEnd);
  // A machine without IPv6 has no such loopback, and nothing to be reached there.
  await listen(secure(trap), '::1', tls, onEnd).catch(() => undefined);
  const odd = await listen(secure(trap), '127.0.0.1', 0, onEnd);
  const plainServer = createHttpServer(trap.answer);
  trap.attach(plainServer);
  const plain = await listen(plainServer, '127.0.0.1', 0, onEnd);
  const answer: Answer = (request, response) => {
    named.paths.push(request.url ?? '');
    named.hosts.add(request.headers.host ?? '');
    namedAnswer(request, response);
  };
  await listen(secure(named, answer), '127.0.0.3', tls, onEnd);
  return { ports: { tls, plain, odd }, trap, named, ca: authority.certificatePem };
}
