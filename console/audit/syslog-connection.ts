// One delivery over TCP or TLS: opened, written with back-pressure, and ended so that the receiver is known to have read it all.
import { readFileSync } from 'node:fs';
import net from 'node:net';
import tls from 'node:tls';
import { AppError } from '#shared/base/errors.ts';

export interface SyslogTarget {
  protocol: 'tcp' | 'tls';
  host: string;
  port: number;
  /** PEM; the system's authorities when absent. */
  caFile?: string | undefined;
  /** PEM, for receivers that ask who sends. */
  certificateFile?: string | undefined;
  keyFile?: string | undefined;
  /** Of the host, where somebody has judged it already; the name is still what the certificate must say. */
  address?: string | undefined;
}

/** A receiver in the house answers at once; ten seconds are a slow line and a handshake. */
const CONNECT_MS = 10_000;
/** Nothing was read for so long: the receiver is stuck. */
const STALL_MS = 30_000;
/**
 * A receiver that has read everything up to our end closes its own. One that does not do so in time, and says nothing bad either, is
 * believed: without that it would be sent the same for ever.
 */
const CLOSE_MS = 10_000;

export const targetName = ({ protocol, host, port }: SyslogTarget): string =>
  `${protocol}://${host.includes(':') ? `[${host}]` : host}:${port}`;

const pem = (file: string | undefined) => (file === undefined ? undefined : readFileSync(file, 'utf8'));

function dial(target: SyslogTarget): net.Socket {
  const { protocol, host, port } = target;
  const to = target.address ?? host;
  if (protocol === 'tcp') return net.connect({ host: to, port });
  const [ca, cert, key] = [pem(target.caFile), pem(target.certificateFile), pem(target.keyFile)];
  return tls.connect({
    ...{ host: to, port, minVersion: 'TLSv1.2', rejectUnauthorized: true },
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  });
}

/** Sends `messages` over a connection of their own; resolves when the receiver has them, rejects when that is not known. */
export async function deliver(target: SyslogTarget, messages: Iterable<Buffer>, signal: AbortSignal): Promise<void> {
  const socket = dial(target);
  let fault: Error | undefined;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', (error) => {
    fault ??= error;
  });
  // What a receiver says back is nothing that syslog knows; it must not fill our memory.
  socket.resume();
  const onAbort = () => socket.destroy(new AppError('unavailable', 'stopped'));
  signal.addEventListener('abort', onAbort, { once: true });
  socket.setTimeout(CONNECT_MS, () => socket.destroy(new AppError('timed-out', 'no connection in time')));
  try {
    signal.throwIfAborted();
    await opened(socket, target.protocol, closed);
    socket.setTimeout(STALL_MS, () => socket.destroy(new AppError('timed-out', 'the receiver reads nothing')));
    for (const message of messages) {
      if (fault !== undefined || socket.destroyed) break;
      if (!socket.write(message)) await Promise.race([drained(socket), closed]);
    }
    if (fault === undefined && !socket.destroyed) await ended(socket, closed);
    if (fault !== undefined) throw fault;
  } catch (cause) {
    throw new AppError('unavailable', `${targetName(target)}: ${cause instanceof Error ? cause.message : 'failed'}`, {
      cause,
    });
  } finally {
    signal.removeEventListener('abort', onAbort);
    socket.destroy();
  }
}

async function opened(socket: net.Socket, protocol: SyslogTarget['protocol'], closed: Promise<void>): Promise<void> {
  const event = protocol === 'tls' ? 'secureConnect' : 'connect';
  let isOpen = false;
  await Promise.race([
    new Promise<void>((resolve) =>
      socket.once(event, () => {
        isOpen = true;
        resolve();
      }),
    ),
    closed,
  ]);
  if (!isOpen) throw new AppError('unavailable', 'no connection');
}

const drained = (socket: net.Socket): Promise<void> => new Promise((resolve) => socket.once('drain', () => resolve()));

/** Our end is closed; the receiver's follows when it has read up to there. */
async function ended(socket: net.Socket, closed: Promise<void>): Promise<void> {
  let isFlushed = false;
  socket.setTimeout(CLOSE_MS, () =>
    socket.destroy(isFlushed ? undefined : new AppError('timed-out', 'not all was sent')),
  );
  socket.end(() => {
    isFlushed = true;
  });
  await closed;
  if (!isFlushed) throw new AppError('unavailable', 'the receiver hung up before all was sent');
}
