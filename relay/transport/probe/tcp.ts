// Knocks at one port: open, refused or nobody there, how fast, and the first words of a server that speaks first.
import { connect, type Socket } from 'node:net';
import { startDeadline } from '#relay/transport/deadline.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { ProbedPort } from '#shared/model/probe.ts';

/** A site's network answers in milliseconds, one behind a VPN in a few hundred; a SYN that was lost is sent again after 1 s. */
const CONNECT_MS = 2_000;
/** An sshd that looks up our name first greets later than this, and is then told apart by its port alone. */
const GREETING_MS = 1_000;
const MAX_GREETING_BYTES = 255;

export interface Knock {
  address: string;
  port: number;
  /** Waits for the server to speak. */
  listens: boolean;
}

export async function knock(
  knock: Knock,
  { clock, signal }: { clock: Clock; signal: AbortSignal },
): Promise<ProbedPort> {
  const { address, port, listens } = knock;
  const startedAt = clock.monotonic();
  const socket = connect({ host: address, port });
  try {
    const state = await opened(socket, clock, signal);
    if (state === 'silent') return { port, state };
    const latencyMs = rounded(clock.monotonic() - startedAt);
    if (state === 'refused' || !listens) return { port, state, latencyMs };
    const greeting = await firstLine(socket, clock, signal);
    return greeting === '' ? { port, state, latencyMs } : { port, state, latencyMs, greeting };
  } finally {
    socket.destroy();
  }
}

/** Microseconds say nothing, and a whole millisecond is too coarse for a cable. */
export const rounded = (ms: number): number => Math.max(0, Math.round(ms * 100) / 100);

async function opened(socket: Socket, clock: Clock, parent: AbortSignal): Promise<ProbedPort['state']> {
  using deadline = startDeadline(clock, CONNECT_MS, parent);
  // Awaited here: the deadline ends with this block.
  return await new Promise((resolve) => {
    socket.once('connect', () => resolve('open'));
    // After the connection stands, what goes wrong is no news: the port is open.
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(stateOf(error.code)));
    const late = () => resolve('silent');
    if (deadline.signal.aborted) late();
    deadline.signal.addEventListener('abort', late, { once: true });
  });
}

/** Only the machine itself, or a wall that speaks for it, resets a connection. */
const stateOf = (code: string | undefined): ProbedPort['state'] =>
  code === 'ECONNREFUSED' || code === 'ECONNRESET' ? 'refused' : 'silent';

async function firstLine(socket: Socket, clock: Clock, parent: AbortSignal): Promise<string> {
  using deadline = startDeadline(clock, GREETING_MS, parent);
  const bytes = await new Promise<Buffer>((resolve) => {
    let heard = Buffer.alloc(0);
    const done = () => resolve(heard);
    socket.on('data', (part: Buffer) => {
      heard = Buffer.concat([heard, part.subarray(0, MAX_GREETING_BYTES - heard.length)]);
      if (heard.length >= MAX_GREETING_BYTES || heard.includes(0x0a)) done();
    });
    socket.once('close', done);
    if (deadline.signal.aborted) done();
    deadline.signal.addEventListener('abort', done, { once: true });
  });
  return greetingOf(bytes);
}

/** Its first line, with everything that is not printable ASCII as a question mark: the bytes are a stranger's. */
export function greetingOf(bytes: Uint8Array): string {
  const [line = ''] = Buffer.from(bytes).subarray(0, MAX_GREETING_BYTES).toString('latin1').split(/\r?\n/);
  return line.replace(/[^\x20-\x7e]/g, '?').trim();
}
