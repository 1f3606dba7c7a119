// A server of Debian's that speaks HTTP on a free port of loopback, with a private folder: started, awaited, stopped by its pid.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { systemClock } from '#shared/base/clock.ts';

export interface HttpPeer {
  /** "http://127.0.0.1:4711", nothing behind it. */
  readonly url: string;
  /** Of the server itself: what a bench asks /proc about. */
  readonly pid: number;
  /** Where its data lies; gone after stop(). */
  readonly folder: string;
  /** The last of what it said. */
  log(): string;
  /** As its own supervisor would, so that what it holds in memory is on disk; the folder stays. */
  end(): Promise<void>;
  stop(): Promise<void>;
}

export interface HttpProgram {
  file: string;
  /** Its arguments; may write files into the folder first. */
  args(folder: string, listen: string): string[];
  /** Answers 200 once requests are served. */
  ready: string;
}

/** Starting takes a second; both cores may be taken by others for long. */
const START_MS = 60_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const bound = server.address();
  server.close();
  await once(server, 'close');
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return bound.port;
}

async function waitUntilReady(url: string, server: ChildProcess, log: () => string): Promise<void> {
  const deadline = systemClock.monotonic() + START_MS;
  for (;;) {
    if (server.exitCode !== null || server.signalCode !== null) throw new Error(`the peer ended: ${log()}`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(2_000) }).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok === true) return;
    if (systemClock.monotonic() > deadline) throw new Error(`${url} is not ready: ${log()}`);
    await systemClock.sleep(50);
  }
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
}

/** `at` is the folder and port of one that was ended before. */
export async function startHttpPeer(program: HttpProgram, at?: { folder: string; url: string }): Promise<HttpPeer> {
  const folder = at?.folder ?? mkdtempSync(`/tmp/rmm-${path.basename(program.file)}-`);
  const listen = at === undefined ? `127.0.0.1:${await freePort()}` : new URL(at.url).host;
  // It ends with us, also when we are killed; setpriv becomes the program, so its pid is the server's.
  const command = ['--pdeathsig', 'KILL', '--', program.file, ...program.args(folder, listen)];
  const server = spawn('setpriv', command, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [server.stdout, server.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-8_000);
    });
  const peer: HttpPeer = {
    url: `http://${listen}`,
    pid: server.pid ?? 0,
    folder,
    log: () => said,
    end: () => end(server),
    stop: async () => {
      await end(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
  try {
    await waitUntilReady(`${peer.url}${program.ready}`, server, peer.log);
    return peer;
  } catch (error) {
    await peer.stop();
    throw error;
  }
}
