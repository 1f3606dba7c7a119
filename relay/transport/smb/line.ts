// The TCP connection below: frames out, bytes in, and nothing left of it once it is over.
import { connect, type Socket } from 'node:net';
import { startDeadline } from '#relay/transport/deadline.ts';
import type { Clock } from '#shared/base/clock.ts';
import { SmbError } from './smb-fault.ts';

/** Where bytes of the peer go; the channel fills it in, a test may too. */
export interface LineReader {
  room(): Buffer;
  advance(bytes: number): void;
  onEnd(error: SmbError): void;
}

export interface Line {
  write(parts: readonly Buffer[]): void;
  destroy(): void;
}

export interface LineOptions {
  host: string;
  port: number;
  clock: Clock;
  connectMs: number;
}

const REFUSED = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

function connectError(error: NodeJS.ErrnoException): SmbError {
  const code = error.code ?? 'no code';
  return new SmbError(REFUSED.has(code) ? 'refused' : 'unreachable', code, { cause: error });
}

function connected(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onConnect = () => done();
    const onError = (error: Error) => done(connectError(error));
    const onAbort = () => done(new SmbError('cancelled', 'stopped by us'));
    const done = (error?: SmbError) => {
      socket.off('connect', onConnect);
      socket.off('error', onError);
      signal.removeEventListener('abort', onAbort);
      if (error === undefined) resolve();
      else reject(error);
    };
    socket.once('connect', onConnect);
    socket.once('error', onError);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

function lineOf(socket: Socket): Line {
  return {
    write: (parts) => {
      if (socket.destroyed) return;
      // Corked, the parts leave in one call of the system.
      socket.cork();
      for (const part of parts) socket.write(part);
      socket.uncork();
    },
    destroy: () => socket.destroy(),
  };
}

/** Connects within its time; throws an `SmbError`. */
export async function openLine(options: LineOptions, reader: LineReader, signal: AbortSignal): Promise<Line> {
  const { host, port, clock, connectMs } = options;
  const socket = connect({
    host,
    port,
    onread: {
      buffer: () => reader.room(),
      callback: (bytes) => {
        reader.advance(bytes);
        return true;
      },
    },
  });
  let problem: Error | undefined;
  // A listener must stand at all times: an error without one would end the process.
  socket.on('error', (error) => {
    problem = error;
  });
  socket.setNoDelay(true);
  using deadline = startDeadline(clock, connectMs, signal);
  try {
    await connected(socket, deadline.signal);
  } catch (error) {
    socket.destroy();
    if (deadline.isExpired) throw new SmbError('unreachable', `no answer within ${connectMs} ms`);
    throw error;
  }
  const over = () => {
    const code = problem === undefined ? 'the server closed the connection' : connectError(problem).message;
    reader.onEnd(new SmbError('lost', code));
    socket.destroy();
  };
  socket.once('close', over);
  socket.once('end', over);
  return lineOf(socket);
}
