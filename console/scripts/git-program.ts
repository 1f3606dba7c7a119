// Runs git as a program that is given nothing of this machine's own: no shell, no hooks, no configuration but ours, bounded in time and size.
import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';

export interface GitRun {
  /** The bare repository; everything that git writes lies in it. */
  folder: string;
  args: readonly string[];
  config?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  clock: Clock;
  signal?: AbortSignal | undefined;
}

/** A repository of scripts is there within seconds on a slow line. */
const MAX_MS = 120_000;
/** Scripts, their texts and the trees of one commit: what is larger holds something else. */
const MAX_FOLDER_BYTES = 256 * 1024 * 1024;
const LOOK_MS = 250;
/** A file has 64 KiB at most, a listing some hundreds of lines. */
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

const CONFIG = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'credential.helper=',
];

const sizeOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true }).reduce((sum, one) => {
    if (!one.isFile()) return sum;
    return sum + (statSync(path.join(one.parentPath, one.name), { throwIfNoEntry: false })?.size ?? 0);
  }, 0);

/** What it wrote to standard output. Throws `unavailable`, `timed-out` or `too-large`. */
export async function runGit({ folder, args, config = [], environment = {}, clock, signal }: GitRun): Promise<Buffer> {
  const settings = [...CONFIG, ...config].flatMap((one) => ['-c', one]);
  const child = spawn('git', ['--git-dir', folder, ...settings, ...args], {
    cwd: folder,
    // A group of its own: what git starts ends with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      LC_ALL: 'C',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_TERMINAL_PROMPT: '0',
      GIT_ASKPASS: '/bin/false',
      // A folder's name is a name, and no pattern.
      GIT_LITERAL_PATHSPECS: '1',
      ...environment,
    },
  });
  const over = new AbortController();
  let why: AppError | undefined;
  const end = (error: AppError) => {
    why ??= error;
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) killGroup(child.pid);
  };
  const onAbort = () => end(new AppError('unavailable', 'the console stops'));
  signal?.addEventListener('abort', onAbort, { once: true });
  const watch = watchOver({ folder, clock, over: over.signal, end });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  collect(child.stdout, out, () => end(new AppError('too-large', `git said more than ${MAX_OUTPUT_BYTES} bytes`)));
  collect(child.stderr, err, () => end(new AppError('too-large', 'git complained without end')));
  const code = await new Promise<number | null>((resolve) => {
    child.once('error', (cause) => {
      why ??= new AppError('unavailable', 'git cannot be started on this machine', { cause });
      resolve(null);
    });
    child.once('close', resolve);
  });
  over.abort();
  signal?.removeEventListener('abort', onAbort);
  await watch;
  if (why !== undefined) throw why;
  if (code !== 0) throw new AppError('unavailable', `git: ${lastLine(Buffer.concat(err).toString('utf8'))}`);
  return Buffer.concat(out);
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended meanwhile: that is what was wanted.
  }
}

interface Watch {
  folder: string;
  clock: Clock;
  over: AbortSignal;
  end: (error: AppError) => void;
}

async function watchOver({ folder, clock, over, end }: Watch): Promise<void> {
  const until = clock.monotonic() + MAX_MS;
  while (!over.aborted) {
    await clock.sleep(LOOK_MS, over).catch(() => undefined); // over: looked at above
    if (over.aborted) return;
    if (clock.monotonic() >= until) end(new AppError('timed-out', `git took longer than ${MAX_MS / 1_000} s`));
    if (sizeOf(folder) > MAX_FOLDER_BYTES)
      end(new AppError('too-large', `the repository has more than ${MAX_FOLDER_BYTES / 1024 / 1024} MiB`));
  }
}

function collect(stream: NodeJS.ReadableStream, parts: Buffer[], onFull: () => void): void {
  let size = 0;
  stream.on('data', (part: Buffer) => {
    size += part.length;
    if (size > MAX_OUTPUT_BYTES) onFull();
    else parts.push(part);
  });
}

/** The other end's words: shown inert, cut, and without what a URL may hold. */
const lastLine = (text: string): string =>
  (text.trim().split('\n').at(-1) ?? '')
    .replaceAll(/\p{C}/gu, ' ')
    .replaceAll(/\/\/[^@/\s]*@/g, '//')
    .slice(0, 200) || 'ended without a word';
