// Runs PowerShell scripts on this machine where it is a Windows leaf: one process for each, its tree ended as one. Unproven: no Windows ran it.
import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import path from 'node:path';
import { OVER, startDeadline } from '#relay/transport/deadline.ts';
import { CappedBytes, type OutputState } from '#relay/transport/script-output.ts';
import { valuesOf } from '#relay/transport/script-run.ts';
import type { RunEnd, RunRequest, RunResult } from '#relay/transport/transport.ts';
import { ClixmlDecoder } from '#relay/transport/winrm/clixml.ts';
import { POWERSHELL, powershellInput } from '#relay/transport/winrm/powershell.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';

interface LocalProgram {
  file: string;
  args: readonly string[];
  /** Ends a process and what it started. */
  endTree: (pid: number) => void;
}

interface PowershellDeps {
  clock: Clock;
  /** Names the device in messages. */
  name: string;
  /** Default: Windows PowerShell of this machine. */
  program?: LocalProgram;
}

// 1 s behind the script's end: its outputs have been read by then, unless a child of it holds them.
const OPEN_CHILD_MS = 1_000;
// 5 s for a process that was told to end: what does not is said to be left.
const END_MS = 5_000;

/** What programs of Windows do not run without; the relay's own environment may hold secrets. */
const KEPT =
  /^(systemroot|systemdrive|windir|comspec|path|pathext|te?mp|programdata|programfiles(\(x86\))?|programw6432|commonprogramfiles(\(x86\))?|userprofile|appdata|localappdata|username|userdomain|computername|number_of_processors|processor_architecture|psmodulepath)$/i;

export const plainEnvironment = (all: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(all).filter(([name]) => KEPT.test(name)));

/** By its whole path: a program of that name elsewhere on PATH is not started. */
function windowsPowershell(): LocalProgram {
  const system = path.win32.join(process.env['SystemRoot'] ?? 'C:\\Windows', 'System32');
  return {
    file: path.win32.join(system, 'WindowsPowerShell', 'v1.0', 'powershell.exe'),
    args: POWERSHELL.args,
    // Whether it is gone is told by the process itself.
    endTree: (pid) => void execFile(path.win32.join(system, 'taskkill.exe'), ['/PID', `${pid}`, '/T', '/F'], () => {}),
  };
}

/** Both outputs of one run, within the caps of its request. */
class Outputs {
  readonly #clixml = new ClixmlDecoder();
  readonly #stdout: CappedBytes;
  readonly #stderr: CappedBytes;

  constructor({ maxOutputBytes, variables }: RunRequest) {
    const values = variables && valuesOf(variables);
    this.#stdout = new CappedBytes(maxOutputBytes, values);
    this.#stderr = new CappedBytes(maxOutputBytes, values);
  }

  push(stream: 'stdout' | 'stderr', bytes: Uint8Array): OutputState {
    return stream === 'stdout' ? this.#stdout.push(bytes) : this.#stderr.push(this.#clixml.push(bytes));
  }

  result() {
    this.#stderr.push(this.#clixml.end());
    const [stdout, stderr] = [this.#stdout.bytes(), this.#stderr.bytes()];
    return { stdout, stderr, isTruncated: this.#stdout.isTruncated || this.#stderr.isTruncated };
  }
}

const unconfirmed = ({ reason, detail }: Failure): Failure => fail(reason, `${detail}; its end is not confirmed`);

type Ended = { end: RunEnd; hasOpenChild: boolean } | { failure: Failure };

export class LocalPowershell {
  readonly #deps: PowershellDeps;

  constructor(deps: PowershellDeps) {
    this.#deps = deps;
  }

  async run(request: RunRequest, signal: AbortSignal): Promise<Outcome<RunResult>> {
    const { clock, name } = this.#deps;
    const { script, timeoutMs, variables } = request;
    if (signal.aborted) return fail('cancelled', `${name}: stopped before it began`);
    if (script.includes('\0')) return fail('unsupported', `${name}: the script holds a NUL byte`);
    using deadline = startDeadline(clock, timeoutMs, signal);
    const startedAt = clock.monotonic();
    const outputs = new Outputs(request);
    const { file, args, endTree } = this.#deps.program ?? windowsPowershell();
    const child = spawn(file, [...args], { env: plainEnvironment(process.env), windowsHide: true });
    const stop = new AbortController();
    let stopped: Failure | undefined;
    const onStop = (failure: Failure) => {
      if (stopped !== undefined) return;
      stopped = failure;
      if (child.pid !== undefined) endTree(child.pid);
      stop.abort(OVER);
    };
    const late = () => fail('timed-out', `${name}: no end within ${timeoutMs} ms`);
    deadline.signal.addEventListener('abort', () =>
      onStop(deadline.isExpired ? late() : fail('cancelled', `${name}: stopped by us`)),
    );
    this.#listen(child, request, { outputs, onStop });
    const ended = this.#ended(child, stop.signal);
    child.stdin.end(powershellInput(script, variables));
    const how = await ended;
    if (stopped !== undefined) return 'failure' in how ? unconfirmed(stopped) : stopped;
    if ('failure' in how) return how.failure;
    const durationMs = Math.round(clock.monotonic() - startedAt);
    return succeed({ ...how, ...outputs.result(), durationMs });
  }

  #listen(
    child: ChildProcessWithoutNullStreams,
    { maxOutputBytes, keepTruncated }: RunRequest,
    { outputs, onStop }: { outputs: Outputs; onStop: (failure: Failure) => void },
  ): void {
    const { name } = this.#deps;
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].on('data', (bytes: Buffer) => {
        const state = outputs.push(stream, bytes);
        if (state === 'flood') onStop(fail('too-large', `${name}: it prints without end`));
        else if (state === 'over-cap' && keepTruncated !== true)
          onStop(fail('too-large', `${name}: more than ${maxOutputBytes} bytes of output`));
      });
    child.stdin.on('error', () => undefined); // it ended before it read all; its exit tells
  }

  /** When the outputs have closed; a while after its end where a child holds them, or after it was told to stop. */
  #ended(child: ChildProcessWithoutNullStreams, stop: AbortSignal): Promise<Ended> {
    const { clock, name } = this.#deps;
    const over = new AbortController();
    return new Promise<Ended>((resolve) => {
      let end: RunEnd = { kind: 'no-status' };
      const after = (ms: number, ended: () => Ended) =>
        clock.sleep(ms, over.signal).then(
          () => resolve(ended()),
          () => undefined, // it ended first
        );
      child.on('error', (error: NodeJS.ErrnoException) =>
        resolve({ failure: fail('unsupported', `${name}: PowerShell does not start: ${error.code ?? 'unknown'}`) }),
      );
      child.on('exit', (code, signal) => {
        end = code === null ? { kind: 'signal', signal: signal ?? 'unknown' } : { kind: 'exit', code };
        void after(OPEN_CHILD_MS, () => ({ end, hasOpenChild: true }));
      });
      child.on('close', () => resolve({ end, hasOpenChild: false }));
      const left = () => ({ failure: fail('lost', `${name}: its end is not confirmed`) });
      stop.addEventListener('abort', () => void after(END_MS, left), { once: true });
    }).finally(() => {
      over.abort(OVER);
      child.stdout.destroy();
      child.stderr.destroy();
    });
  }
}
