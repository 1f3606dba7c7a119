// A TCP connection to something that speaks first, as SSH servers do: what a frozen or silent peer costs ends here.
import { connect, type Socket } from 'node:net';
import { startDeadline } from '#relay/transport/deadline.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';

export interface ReachOptions {
  name: string;
  host: string;
  port: number;
  clock: Clock;
  /** To connect. */
  connectMs: number;
  /** From the connection to the server's first byte. */
  greetingMs: number;
}

function socketFailure(name: string, error: NodeJS.ErrnoException): Failure {
  const code = error.code ?? 'no code';
  const reason = code === 'ECONNREFUSED' || code === 'ECONNRESET' ? 'refused' : 'unreachable';
  return fail(reason, `${name}: ${code}`);
}

export interface Reached {
  socket: Socket;
  /** What it said first, as text. */
  greeting: string;
}

// 4 KiB: a greeting is one line, and a few before it at most.
const MAX_GREETING = 4_096;

/** Resolves with what happens first; listeners are gone afterwards. */
function nextEvent(
  socket: Socket,
  event: 'connect' | 'data',
  name: string,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  return new Promise((resolve) => {
    const done = (failure?: Failure) => {
      socket.off(event, onEvent);
      socket.off('error', onError);
      socket.off('close', onClose);
      signal.removeEventListener('abort', onAbort);
      resolve(failure);
    };
    const onEvent = (chunk?: Buffer) => {
      // Handed back, so that the SSH client reads it from the start.
      if (chunk !== undefined) {
        socket.pause();
        socket.unshift(chunk);
      }
      done();
    };
    const onError = (error: Error) => done(socketFailure(name, error));
    const onClose = () => done(fail('refused', `${name}: the peer closed the connection without a word`));
    const onAbort = () => done(fail('cancelled', `${name}: stopped by us`));
    socket.once(event, onEvent);
    socket.once('error', onError);
    socket.once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

export async function reach(options: ReachOptions, signal: AbortSignal): Promise<Outcome<Reached>> {
  const { name, clock } = options;
  const socket = connect({ host: options.host, port: options.port });
  let greeting = '';
  // A listener must stand at all times: an error without one would end the process.
  socket.on('error', () => undefined);
  // Without it each small packet waits for the acknowledgement of the one before: 45 ms per script.
  socket.setNoDelay(true);
  const steps = [
    {
      event: 'connect',
      ms: options.connectMs,
      late: fail('unreachable', `${name}: no answer within ${options.connectMs} ms`),
    },
    {
      event: 'data',
      ms: options.greetingMs,
      late: fail('timed-out', `${name}: connected, but no greeting within ${options.greetingMs} ms`),
    },
  ] as const;
  for (const { event, ms, late } of steps) {
    using deadline = startDeadline(clock, ms, signal);
    // Heard together with the event below: a listener that came earlier would take the bytes from it.
    if (event === 'data')
      socket.once('data', (chunk: Buffer) => {
        greeting = chunk.toString('latin1', 0, MAX_GREETING);
      });
    const failure = await nextEvent(socket, event, name, deadline.signal);
    if (failure === undefined) continue;
    socket.destroy();
    return deadline.isExpired ? late : failure;
  }
  return succeed({ socket, greeting });
}
