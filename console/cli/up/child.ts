// One program started by `rmm up`: its own process, its log in a file, ready when it says so, gone when it is asked to go.
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { withNodeFlags } from '#shared/runtime/node-flags.ts';

/** What a child tells its parent over IPC; extra members belong to the program. */
const Ready = z.looseObject({ kind: z.literal('ready') });

export interface ChildOptions {
  name: string;
  /** Script and arguments; no secret may stand here, every user of the machine can read it. */
  script: string;
  args: readonly string[];
  /** Options of Node itself, beside our own. */
  nodeOptions?: readonly string[];
  logFolder: string;
  clock: Clock;
  /** Text for its standard input, which is then closed. */
  input?: string;
  /** Settings beside those of our own environment; no secret either. */
  environment?: Readonly<Record<string, string>>;
  /** For a program that ends when its standard input does. */
  keepsInputOpen?: boolean;
}

// The last lines of a log are what a person needs when a program did not come up.
const TAIL_LINES = 15;
const READY_MS = 60_000;
/** Ctrl-C stops everything within 5 s: 4 s to stop in order, then by force. */
const STOP_MS = 4_000;

export class Child {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #clock: Clock;
  readonly #logFile: string;
  readonly #exit: Promise<number | string>;

  constructor(options: ChildOptions) {
    this.name = options.name;
    this.#clock = options.clock;
    this.#logFile = freshLog(options.logFolder, options.name);
    const log = openSync(this.#logFile, 'a', 0o600);
    this.#process = fork(options.script, [...options.args], {
      stdio: [options.input === undefined && options.keepsInputOpen !== true ? 'ignore' : 'pipe', log, log, 'ipc'],
      execArgv: withNodeFlags([...process.execArgv, ...(options.nodeOptions ?? [])]),
      // The file is the console's, which gets it as a flag; a relay would refuse every key of it.
      env: { ...process.env, RMM_CONFIG: undefined, ...options.environment },
    });
    closeSync(log); // the child has its own copy
    // A program that ends before it read its input: its end says what is wrong.
    this.#process.stdin?.on('error', () => undefined);
    if (options.input !== undefined) this.#process.stdin?.end(options.input);
    this.#exit = new Promise((resolve) => {
      this.#process.once('exit', (code, signal) => resolve(code ?? signal ?? 'unknown'));
      this.#process.once('error', (error) => resolve(error.message));
    });
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  /** The program's own `ready` message; throws with the end of its log when it ends or stays silent. */
  async ready(): Promise<Record<string, unknown>> {
    const told = new Promise<Record<string, unknown>>((resolve) => {
      this.#process.on('message', (message) => {
        const parsed = Ready.safeParse(message);
        if (parsed.success) resolve(parsed.data);
      });
    });
    const done = new AbortController();
    const ended = this.#exit.then((end) => Promise.reject(this.#failure(`ended with ${end}`)));
    const late = this.#clock.sleep(READY_MS, done.signal).then(
      () => Promise.reject(this.#failure('did not become ready within a minute')),
      () => new Promise<never>(() => undefined), // aborted: the race is over
    );
    try {
      return await Promise.race([told, ended, late]);
    } finally {
      done.abort();
    }
  }

  /** Waits for its end; throws unless it ended with 0. */
  async finished(): Promise<void> {
    const end = await this.#exit;
    if (end !== 0) throw this.#failure(`ended with ${end}`);
  }

  /** Resolves with how it ended, whenever that is. */
  exited(): Promise<number | string> {
    return this.#exit;
  }

  async stop(): Promise<void> {
    this.#process.kill('SIGTERM');
    const done = new AbortController();
    const force = this.#clock.sleep(STOP_MS, done.signal).then(
      () => this.#process.kill('SIGKILL'),
      () => undefined, // it ended by itself
    );
    await this.#exit;
    done.abort();
    await force;
  }

  #failure(what: string): AppError {
    const tail = readFileSync(this.#logFile, 'utf8').trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
    return new AppError('unavailable', `${this.name} ${what}; the end of ${this.#logFile}:\n${tail}`);
  }
}

/** A new log per start; the former one is kept as `<name>.log.1`. */
function freshLog(folder: string, name: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = path.join(folder, `${name}.log`);
  try {
    renameSync(file, `${file}.1`);
  } catch {
    // The first start has no former log.
  }
  return file;
}
