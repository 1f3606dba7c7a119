// Runs a script on this machine: one detached `/bin/sh -s`, its process group killed as one.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import type { RunCarrier, ScriptRun } from '#relay/transport/script-run.ts';
import type { Clock } from '#shared/base/clock.ts';
import { isGroupAlive, signalGroup } from './process-group.ts';

// 1 s between TERM and KILL: time to clean up, short enough for a person who pressed cancel.
const GRACE_MS = 1_000;
const LOOK_EVERY_MS = 25;

/** The relay's own environment may hold secrets: a script sees a plain one. */
const SCRIPT_ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: process.env['HOME'] ?? '/',
  LC_ALL: 'C',
};

export class LocalCarrier implements RunCarrier {
  readonly #clock: Clock;
  #child: ChildProcessWithoutNullStreams | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(stdin: string, run: ScriptRun): void {
    const child = spawn('/bin/sh', ['-s'], { detached: true, cwd: '/', env: SCRIPT_ENV });
    this.#child = child;
    child.on('error', (error) => run.broke('unsupported', `/bin/sh does not start: ${error.message}`));
    child.stdin.on('error', () => undefined); // the shell ended before it read all; its exit tells
    child.stdout.on('data', (chunk: Buffer) => run.received('stdout', chunk));
    child.stderr.on('data', (chunk: Buffer) => run.received('stderr', chunk));
    child.on('exit', (code, signal) =>
      run.exited(code === null ? { kind: 'signal', signal: signal ?? 'unknown' } : { kind: 'exit', code }),
    );
    child.on('close', () => run.closed());
    child.stdin.write(stdin);
  }

  async kill(): Promise<boolean> {
    const pid = this.#child?.pid;
    if (pid === undefined) return true;
    signalGroup(pid, 'SIGTERM');
    if (await this.#isGone(pid)) return true;
    signalGroup(pid, 'SIGKILL');
    return this.#isGone(pid);
  }

  release(): void {
    this.#child?.stdin.destroy();
    this.#child?.stdout.destroy();
    this.#child?.stderr.destroy();
  }

  async #isGone(pid: number): Promise<boolean> {
    const until = this.#clock.monotonic() + GRACE_MS;
    while (isGroupAlive(pid)) {
      if (this.#clock.monotonic() >= until) return false;
      await this.#clock.sleep(LOOK_EVERY_MS);
    }
    return true;
  }
}
