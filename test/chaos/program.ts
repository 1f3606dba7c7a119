// One process of the product that a chaos command starts, kills, stops, continues and starts again.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { systemClock } from '#shared/base/clock.ts';

export interface ProgramOptions {
  name: string;
  script: string;
  args: readonly string[];
  logFile: string;
  /** Beside our own variables, asked at each start. */
  env?: () => Readonly<Record<string, string>>;
}

/** A start on a machine that is busy with other suites. */
const READY_MS = 60_000;
/** An orderly stop has its own deadlines of 2 to 3 s a part. */
const STOP_MS = 10_000;
const TAIL_CHARS = 3_000;

export class Program {
  readonly name: string;
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;
  /** Ends that nobody asked for. */
  crashes = 0;
  starts = 0;

  constructor(options: ProgramOptions) {
    this.#options = options;
    this.name = options.name;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Begins a new life at once; `ready` tells when it is up. */
  start(): void {
    const { script, args, logFile, env: more = () => ({}) } = this.#options;
    const log = openSync(logFile, 'a', 0o600);
    // No loader of this process: what runs is the bundle as it is released.
    // Chaos is about orders that run, not about the time in which a person may stop them.
    const env = { RMM_TRUST_FIRST_CHARTER_T3_STOP_MS: '0', ...process.env, ...more() };
    const child = fork(script, [...args], { stdio: ['ignore', log, log, 'ipc'], execArgv: [], env });
    closeSync(log);
    this.#child = child;
    this.starts += 1;
    child.once('exit', () => {
      if (this.#child === child) {
        this.crashes += 1;
        this.#child = undefined;
      }
    });
  }

  /** Waits for the life that began last; throws with the end of its log when it ends or stays silent. */
  async ready(): Promise<void> {
    const child = this.#child;
    if (child === undefined) throw this.#failure('is not running');
    const over = new AbortController();
    try {
      await Promise.race([
        once(child, 'message', { signal: over.signal }),
        once(child, 'exit', { signal: over.signal }).then(() => Promise.reject(this.#failure('ended'))),
        systemClock.sleep(READY_MS, over.signal).then(() => Promise.reject(this.#failure('is not ready'))),
      ]);
    } finally {
      over.abort();
    }
  }

  /** SIGKILL, also to a stopped process; resolves when it is gone. False when there was nothing to kill. */
  async kill(): Promise<boolean> {
    const child = this.#take();
    if (child === undefined) return false;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    return true;
  }

  /** SIGSTOP for a while; what was killed meanwhile stays dead. */
  async pause(ms: number): Promise<boolean> {
    const child = this.#child;
    if (child === undefined) return false;
    child.kill('SIGSTOP');
    await systemClock.sleep(ms);
    child.kill('SIGCONT');
    return true;
  }

  /** SIGTERM, and SIGKILL to what does not end in time. */
  async stop(): Promise<void> {
    const child = this.#take();
    if (child === undefined) return;
    const gone = once(child, 'exit');
    const over = new AbortController();
    child.kill('SIGTERM');
    child.kill('SIGCONT');
    systemClock.sleep(STOP_MS, over.signal).then(
      () => child.kill('SIGKILL'),
      () => undefined, // ended in time
    );
    await gone;
    over.abort();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** From here on its end is asked for. */
  #take(): ChildProcess | undefined {
    const child = this.#child;
    this.#child = undefined;
    return child;
  }

  #failure(what: string): Error {
    const { logFile } = this.#options;
    return new Error(`${this.name} ${what}; the end of its log:\n${readFileSync(logFile, 'utf8').slice(-TAIL_CHARS)}`);
  }
}
