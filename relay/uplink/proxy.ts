// The site's HTTP proxy: which one the environment names for an address, and the CONNECT tunnel through it.
import http from 'node:http';
import https from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';
import { AppError } from '#shared/base/errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** `host:port`; never user or password, so that it may stand in messages. */
export const proxyName = (proxy: URL): string => `${proxy.hostname}:${portOf(proxy)}`;

const portOf = (url: URL): string => url.port || (url.protocol === 'http:' ? '80' : '443');

/** The proxy for `target`, by HTTPS_PROXY and NO_PROXY (or lower case); undefined for a direct connection. */
export function proxyFor(target: URL, env: Environment): URL | undefined {
  const text = env['HTTPS_PROXY'] ?? env['https_proxy'];
  if (text === undefined || text === '' || isExempt(target, env['NO_PROXY'] ?? env['no_proxy'] ?? '')) return undefined;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  // The text may hold a password: it is not repeated.
  throw new AppError('config-invalid', 'HTTPS_PROXY is not the URL of an HTTP proxy (http://user:password@host:port)');
}

/** The same way for a request over HTTPS: enrolment, and the renewal of an expired certificate. */
export function agentFor(target: URL, env: Environment): https.Agent | undefined {
  const proxy = proxyFor(target, env);
  return proxy === undefined ? undefined : new TunnelAgent(proxy);
}

/** For a request that is given up by nobody: a proxy that does not answer holds it no longer. */
const TUNNEL_MS = 30_000;

/** Opens every connection through a tunnel of its own, and TLS to the target inside of it; the proxy sees no more than names. */
export class TunnelAgent extends https.Agent {
  readonly #proxy: URL;

  constructor(proxy: URL) {
    super({ keepAlive: false });
    this.#proxy = proxy;
  }

  // Node hands over what the request asked for, with the server's name for TLS in it.
  override createConnection(
    options: https.RequestOptions & tls.ConnectionOptions,
    onSocket: (error: Error | null, socket?: Duplex) => void,
  ): undefined {
    const { host, port } = options;
    const named = isIPv6(host ?? '') ? `[${host}]` : host;
    const signal = options.signal ?? AbortSignal.timeout(TUNNEL_MS);
    openTunnel(this.#proxy, new URL(`https://${named}:${port ?? 443}`), signal).then(
      (socket) => onSocket(null, tls.connect({ ...options, socket })),
      onSocket,
    );
  }
}

/** Entries: `*`, a host and all below it (with or without a leading dot), each with an optional port. */
function isExempt(target: URL, list: string): boolean {
  const host = target.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const entries = list.toLowerCase().split(/[\s,]+/);
  return entries.some((entry) => {
    if (entry === '' || entry === '*') return entry === '*';
    const { name, port } = parseEntry(entry);
    if (port !== undefined && port !== portOf(target)) return false;
    return host === name || host.endsWith(`.${name}`);
  });
}

function parseEntry(entry: string): { name: string; port: string | undefined } {
  const bracketed = /^\[(.+)\](?::(\d+))?$/.exec(entry);
  // The colons of a bare IPv6 address begin no port.
  const plain = entry.split(':').length > 2 ? null : /^(.*?)(?::(\d+))?$/.exec(entry);
  const [, name = entry, port] = bracketed ?? plain ?? [];
  return { name: name.replace(/^\*?\./, ''), port };
}

/** A TCP connection to `host:port` of the target through the proxy. */
export function openTunnel(proxy: URL, target: URL, signal: AbortSignal): Promise<Socket> {
  const authority = `${target.hostname}:${portOf(target)}`;
  const request = (proxy.protocol === 'https:' ? https : http).request({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: portOf(proxy),
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...credentials(proxy) },
    agent: false,
    signal,
  });
  return new Promise((resolve, reject) => {
    const fail = (what: string, cause?: unknown) =>
      reject(new AppError('unavailable', `proxy ${proxyName(proxy)}: ${what}`, { cause }));
    request.on('connect', (response, socket, head) => {
      if (response.statusCode === 200) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket as Socket); // http and https hand out sockets of net and tls
        return;
      }
      socket.destroy();
      const why = response.statusCode === 407 ? 'refuses our credentials' : `answers ${response.statusCode}`;
      fail(`${why} to CONNECT ${authority}`);
    });
    // An answer with a body is no tunnel: the parser hands it over as a plain response.
    request.on('response', (response) => {
      response.destroy();
      fail(`answers ${response.statusCode} to CONNECT ${authority}`);
    });
    request.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'connection failed', error));
    request.end();
  });
}

function credentials(proxy: URL): Record<string, string> {
  if (proxy.username === '') return {};
  const text = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(text).toString('base64')}` };
}
