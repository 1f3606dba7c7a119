// One script from start to one of its ends, whatever carries it: caps, deadline, cancel, and a child that outlives it.
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { type FailureReason, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { OVER } from './deadline.ts';
import { MaskedValues } from './output-mask.ts';
import { type OutputDecoder, printable, ScriptOutput } from './script-output.ts';
import { newNonce, type Variables, wrapScript } from './script-wrap.ts';
import type { RunEnd, RunRequest, RunResult } from './transport.ts';

// 1 s of silence after the script's end: output still on its way has arrived on any line a relay serves.
const OPEN_CHILD_QUIET_MS = 1_000;
// 5 s: a child that keeps printing is not waited for any longer, however busy it is.
const OPEN_CHILD_MAX_MS = 5_000;

/** What runs the script at the other end. */
export interface ScriptShell {
  /** As messages call it. */
  name: string;
  /** What goes to stdin. It prints the nonce and the number of what is to be ended, as a line of both outputs, before the script runs. */
  wrap: (script: string, nonce: string, variables?: Variables) => string;
  newStderr?: () => OutputDecoder;
}

const POSIX: ScriptShell = { name: 'POSIX shell', wrap: wrapScript };

/** What a transport does for a run. */
export interface RunCarrier {
  /** Starts the shell, such as `/bin/sh -s`, sends `stdin` and keeps it open; reports through the run. Called once. */
  start(stdin: string, run: ScriptRun): void;
  /** Ends the process group and waits, within a bound, until it is gone. False: not proven gone. */
  kill(group: number | undefined): Promise<boolean>;
  /** Lets go of stdin and outputs. */
  release(): void;
}

export interface RunVerdict {
  outcome: Outcome<RunResult>;
  /** Nothing is left behind: the connection may carry the next script. */
  isClean: boolean;
}

interface RunDeps {
  clock: Clock;
  random: RandomBytes;
  /** Names the device in messages. */
  name: string;
  /** Default: a POSIX shell. */
  shell?: ScriptShell;
}

/** Hundreds of devices of one order are handed the same map: what is looked for is made once. */
const masked = new WeakMap<Variables, MaskedValues>();

export function valuesOf(variables: Variables): MaskedValues {
  const values = masked.get(variables) ?? new MaskedValues(variables.values());
  masked.set(variables, values);
  return values;
}

export class ScriptRun {
  readonly #request: RunRequest;
  readonly #deps: RunDeps;
  readonly #carrier: RunCarrier;
  readonly #nonce: string;
  readonly #shell: ScriptShell;
  readonly #output: ScriptOutput;
  readonly #settled = new AbortController();
  readonly #verdict: Promise<RunVerdict>;
  #settle: (verdict: RunVerdict) => void = () => undefined;
  readonly #startedAt: number;
  #lastByteAt: number;
  #end: RunEnd | undefined;
  #phase: 'running' | 'stopping' = 'running';

  constructor(request: RunRequest, carrier: RunCarrier, deps: RunDeps) {
    this.#request = request;
    this.#carrier = carrier;
    this.#deps = deps;
    this.#nonce = newNonce(deps.random);
    this.#shell = deps.shell ?? POSIX;
    const { maxOutputBytes, variables } = request;
    const values = variables && valuesOf(variables);
    this.#output = new ScriptOutput(this.#nonce, maxOutputBytes, values, this.#shell.newStderr?.());
    this.#startedAt = deps.clock.monotonic();
    this.#lastByteAt = this.#startedAt;
    this.#verdict = new Promise((resolve) => {
      this.#settle = resolve;
    });
  }

  async finish(signal: AbortSignal): Promise<RunVerdict> {
    if (signal.aborted) return this.#failed('cancelled', 'stopped before it began', true);
    // A shell would drop the byte and run something else than was meant.
    if (this.#request.script.includes('\0')) return this.#failed('unsupported', 'the script holds a NUL byte', true);
    const onAbort = () => this.#stop('cancelled', 'stopped by us');
    signal.addEventListener('abort', onAbort, { once: true });
    this.#deps.clock.sleep(this.#request.timeoutMs, this.#settled.signal).then(
      () => this.#stop('timed-out', `no end within ${this.#request.timeoutMs} ms`),
      () => undefined, // settled in time
    );
    try {
      const { script, variables } = this.#request;
      this.#carrier.start(this.#shell.wrap(script, this.#nonce, variables), this);
      return await this.#verdict;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#settled.abort(OVER);
      this.#carrier.release();
    }
  }

  received(stream: 'stdout' | 'stderr', chunk: Uint8Array): void {
    if (this.#phase === 'stopping') return;
    this.#lastByteAt = this.#deps.clock.monotonic();
    const state = this.#output.push(stream, chunk);
    if (state === 'flood') this.#stop('too-large', 'the device sends without end');
    else if (state === 'over-cap' && this.#request.keepTruncated !== true)
      this.#stop('too-large', `more than ${this.#request.maxOutputBytes} bytes of output`);
  }

  /** The script's own end; its outputs may still be open. */
  exited(end: RunEnd): void {
    if (this.#end !== undefined) return;
    this.#end = end;
    this.#lastByteAt = this.#deps.clock.monotonic();
    if (this.#phase === 'running')
      this.#awaitChild(this.#lastByteAt).then(
        () => this.#complete(true),
        () => undefined, // the outputs closed first
      );
  }

  /** The outputs are closed. */
  closed(): void {
    if (this.#phase === 'running') this.#complete(false);
  }

  /** The connection ended, or the shell could not be started. */
  broke(reason: FailureReason, detail: string): void {
    if (this.#phase === 'running') this.#settle(this.#failed(reason, detail, reason !== 'lost'));
  }

  async #awaitChild(exitedAt: number): Promise<void> {
    const { clock } = this.#deps;
    for (;;) {
      const now = clock.monotonic();
      const wait = Math.min(this.#lastByteAt + OPEN_CHILD_QUIET_MS, exitedAt + OPEN_CHILD_MAX_MS) - now;
      if (wait <= 0) return;
      await clock.sleep(wait, this.#settled.signal);
    }
  }

  #complete(hasOpenChild: boolean): void {
    if (!this.#output.hasBegun) {
      // What is no shell may echo all it was sent: with variables in it, nothing of that is told.
      const said = this.#request.variables === undefined ? printable(this.#output.noise) : '';
      const none = `no ${this.#shell.name} answered`;
      const detail = said === '' ? none : `${none}, but: ${said}`;
      this.#settle(this.#failed('unsupported', detail, true));
      return;
    }
    const end = this.#end ?? { kind: 'no-status' };
    const durationMs = Math.round(this.#deps.clock.monotonic() - this.#startedAt);
    this.#settle({ outcome: succeed({ end, ...this.#output.result(), hasOpenChild, durationMs }), isClean: true });
  }

  #stop(reason: FailureReason, detail: string): void {
    if (this.#phase === 'stopping' || this.#settled.signal.aborted) return;
    // It had ended; only a child of it is still there, and that is no reason to lose the result.
    if (this.#end !== undefined && reason !== 'too-large') {
      this.#complete(true);
      return;
    }
    this.#phase = 'stopping';
    this.#carrier.kill(this.#output.group).then(
      (isGone) => this.#settle(this.#failed(reason, isGone ? detail : `${detail}; its end is not confirmed`, isGone)),
      () => this.#settle(this.#failed(reason, `${detail}; its end is not confirmed`, false)),
    );
  }

  #failed(reason: FailureReason, detail: string, isClean: boolean): RunVerdict {
    return { outcome: fail(reason, `${this.#deps.name}: ${detail}`), isClean };
  }
}
