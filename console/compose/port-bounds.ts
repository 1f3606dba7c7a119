// How long, how much and how often somebody may speak to the browsers' ports before anything of ours has read a word.
import type { Socket } from 'node:net';
import type { ServerType } from '@hono/node-server';
import { describeError } from '#shared/base/errors.ts';
import type { Logger } from '#shared/runtime/logger.ts';

/** Anybody may connect here: whoever says nothing, or says it a byte at a time, is cut, and files are left for the rest. */
export const REQUEST_BOUNDS = {
  /** The first lines are one packet or two. */
  headersTimeout: 10_000,
  /** The file of an import, 16 MiB, over a line of 2.5 Mbit/s. */
  requestTimeout: 60_000,
  /** So a slow one is cut at most five seconds late. */
  connectionsCheckingInterval: 5_000,
  /** A browser asks again within a second or not at all; a proxy that keeps lines open longer opens new ones. */
  keepAliveTimeout: 5_000,
  /** Node's own default, said here: cookies, tokens and a long filter take 4 KiB. */
  maxHeaderSize: 16 * 1024,
  requireHostHeader: true,
  insecureHTTPParser: false,
} as const;

/** TLS 1.2 for browsers of locked-down machines; relays have 1.3 on a port of their own. */
export const TLS_BOUNDS = { minVersion: 'TLSv1.2', handshakeTimeout: 10_000 } as const;

/** Hundreds of browsers with a few connections each, below the usual limit of 1,024 files with the relays' port beside it. */
const MAX_CONNECTIONS = 500;
/** Half of all: an office behind one address has some thirty browsers, and one machine cannot take every place. */
export const MAX_OF_AN_ADDRESS = 250;
/** A connection that neither takes what is sent nor sends is nobody's; a live feed beats every 15 s. */
const SILENCE_MS = 120_000;

export function boundConnections(server: ServerType, log: Logger, ofAnAddress = MAX_CONNECTIONS): void {
  server.maxConnections = MAX_CONNECTIONS;
  // Their bytes are bounded; Node would drop, unseen, those beyond a number, and the one that says where a request comes from with them.
  if ('maxHeadersCount' in server) server.maxHeadersCount = 0;
  if ('setTimeout' in server) server.setTimeout(SILENCE_MS);
  const open = new Map<string, number>();
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    if (count > ofAnAddress) {
      socket.destroy();
      return;
    }
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
  // Without a listener a connection that cannot be accepted, for want of files, would end the process.
  server.on('error', (error: Error) => log.error(describeError(error), 'a port of the browsers has trouble'));
}
