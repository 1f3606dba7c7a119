// Starts the main job, `rmm up`, as it is built or as a newcomer does from the sources, on free ports and a folder of its own, and stops it with Ctrl-C.
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { type Api, apiClient } from '#console/cli/client.ts';
import { PROJECT } from '#test/architecture/source-files.ts';
import { ensureRmm } from '#test/chaos/bundles.ts';

export interface RunningUp {
  data: string;
  /** The one URL it printed, with the one-time link. */
  link: string;
  /** Everything it printed. */
  text: () => string;
  /** The API with the local token. */
  api: Api;
  /** Milliseconds from the start to "console ready". */
  readyMs: number;
  /** Sends SIGINT and waits; returns how long that took and the exit code. */
  stop: () => Promise<{ ms: number; code: number | null }>;
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

// A first start builds the web console; on a busy machine with two cores that takes most of a minute.
const READY_MS = 180_000;

/** From the sources three programs are each read and translated anew, which takes seven seconds of processor more. */
export async function startUp(
  data: string,
  extra: readonly string[] = [],
  from: 'build' | 'sources' = 'build',
): Promise<RunningUp> {
  const [http, https, relay, lab] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
  const ports = ['--http-port', http, '--https-port', https, '--relay-port', relay, '--lab-port', lab].map(String);
  const started = performance.now();
  const program = from === 'build' ? [await ensureRmm(() => undefined)] : ['--import', 'tsx', 'rmm.ts'];
  const child = spawn(process.execPath, [...program, 'up', '--data', data, ...ports, ...extra], {
    cwd: PROJECT,
    // Tests measure the way of an order, not the time in which a person may stop it.
    env: { RMM_TRUST_FIRST_CHARTER_T3_STOP_MS: '0', ...process.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const link = await new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not ready after ${READY_MS} ms:\n${text}`)), READY_MS);
    const take = (part: Buffer) => {
      text += part.toString();
      const found = /console ready\n(http\S+)\n/.exec(text);
      if (found?.[1] !== undefined) {
        clearTimeout(timer);
        resolve(found[1]);
      }
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.once('exit', (code) => reject(new Error(`ended with ${code}:\n${text}`)));
  });
  const profile: { url: string; token: string } = JSON.parse(
    readFileSync(path.join(data, 'cli', 'profile.json'), 'utf8'),
  );
  return {
    data,
    link,
    text: () => text,
    api: apiClient(profile),
    readyMs: performance.now() - started,
    stop: () => stop(child),
  };
}

async function stop(child: ChildProcess): Promise<{ ms: number; code: number | null }> {
  const started = performance.now();
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGINT');
  const code = await ended;
  return { ms: performance.now() - started, code };
}

/** Pids whose command line names `text`: what a stop must not leave behind. */
export async function processesNaming(text: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    pids.map(async (pid) => {
      const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''); // it ended meanwhile
      return line.includes(text) && pid !== process.pid ? [pid] : [];
    }),
  );
  return found.flat();
}
