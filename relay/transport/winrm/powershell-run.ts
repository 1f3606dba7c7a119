// One PowerShell script from start to one of its ends: a shell of its own, caps, deadline, cancel, and nothing left behind.

import { OVER } from '#relay/transport/deadline.ts';
import type { MaskedValues } from '#relay/transport/output-mask.ts';
import { CappedBytes, type OutputState } from '#relay/transport/script-output.ts';
import { valuesOf } from '#relay/transport/script-run.ts';
import type { RunEnd, RunRequest, RunResult } from '#relay/transport/transport.ts';
import type { Clock } from '#shared/base/clock.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { ClixmlDecoder } from './clixml.ts';
import { POWERSHELL, powershellInput } from './powershell.ts';
import type { WinrsCommand, WinrsShell } from './shell.ts';
import type { OutputChunk } from './shell-messages.ts';

interface RunDeps {
  clock: Clock;
  /** Names the device in messages. */
  name: string;
  openShell: () => Promise<Outcome<WinrsShell>>;
}

// 600 ms for the signal, so that who cancelled hears of it within a second.
const SIGNAL_MS = 600;
// 200 ms for the Receive to end by the signal itself: then its connection stays of use.
const LAST_WORDS_MS = 200;

/** Both outputs of a run, kept within the caps of its request. */
class RunOutput {
  readonly #clixml = new ClixmlDecoder();
  readonly #stdout: CappedBytes;
  readonly #stderr: CappedBytes;

  constructor(maxBytes: number, values: MaskedValues | undefined) {
    this.#stdout = new CappedBytes(maxBytes, values);
    this.#stderr = new CappedBytes(maxBytes, values);
  }

  push({ stream, bytes }: OutputChunk): OutputState {
    return stream === 'stdout' ? this.#stdout.push(bytes) : this.#stderr.push(this.#clixml.push(bytes));
  }

  result() {
    this.#stderr.push(this.#clixml.end());
    const stdout = this.#stdout.bytes();
    const stderr = this.#stderr.bytes();
    return { stdout, stderr, isTruncated: this.#stdout.isTruncated || this.#stderr.isTruncated };
  }
}

export class PowershellRun {
  readonly #deps: RunDeps;
  readonly #request: RunRequest;
  readonly #output: RunOutput;
  readonly #over = new AbortController();
  readonly #receiving = new AbortController();
  #command: WinrsCommand | undefined;
  #stopped: Failure | undefined;
  #stopping: Promise<void> = Promise.resolve();

  constructor(deps: RunDeps, request: RunRequest) {
    this.#deps = deps;
    this.#request = request;
    this.#output = new RunOutput(request.maxOutputBytes, request.variables && valuesOf(request.variables));
  }

  /** Ends when nothing is left on the machine, as far as it answers; `stop` makes that soon. */
  async finish(): Promise<Outcome<RunResult>> {
    const { clock, name } = this.#deps;
    const { script, timeoutMs, variables } = this.#request;
    if (script.includes('\0')) return fail('unsupported', `${name}: the script holds a NUL byte`);
    const input = Buffer.from(powershellInput(script, variables));
    const startedAt = clock.monotonic();
    clock.sleep(timeoutMs, this.#over.signal).then(
      () => this.stop('timed-out', `no end within ${timeoutMs} ms`),
      () => undefined, // ended in time
    );
    try {
      const end = await this.#inShell(input);
      if (this.#stopped !== undefined) return this.#stopped;
      if (!end.ok) return end;
      const durationMs = Math.round(clock.monotonic() - startedAt);
      return succeed({ end: end.value, ...this.#output.result(), hasOpenChild: false, durationMs });
    } finally {
      this.#over.abort(OVER);
    }
  }

  /** Ends the command on the machine first, then our listening. */
  stop(reason: Failure['reason'], detail: string): void {
    if (this.#stopped !== undefined || this.#over.signal.aborted) return;
    this.#stopped = fail(reason, `${this.#deps.name}: ${detail}`);
    // Nobody may be waiting for it: a fault of ours there ends our listening, and not the process.
    this.#stopping = this.#end().catch(() => this.#receiving.abort(OVER));
  }

  async #end(): Promise<void> {
    const isTaken = await this.#command?.signal('terminate', SIGNAL_MS);
    const { signal } = this.#receiving;
    if (isTaken === true) await this.#deps.clock.sleep(LAST_WORDS_MS, signal).catch(() => undefined); // it has ended
    this.#receiving.abort(OVER);
  }

  async #inShell(input: Uint8Array): Promise<Outcome<RunEnd>> {
    const shell = await this.#deps.openShell();
    if (!shell.ok) return shell;
    try {
      if (this.#stopped !== undefined) return this.#stopped;
      this.#request.onHandle?.(shell.value.id);
      const command = await shell.value.start(POWERSHELL.program, POWERSHELL.args, 'pipe');
      if (!command.ok) return command;
      this.#command = command.value;
      return await this.#talk(command.value, input);
    } finally {
      // What it says is not waited for any longer than its own short time; a shell that stays ends by its idle time.
      const isGone = await shell.value.delete();
      if (!isGone && this.#stopped !== undefined) this.#stopped.detail += '; its end is not confirmed';
      await this.#stopping;
    }
  }

  async #talk(command: WinrsCommand, input: Uint8Array): Promise<Outcome<RunEnd>> {
    if (this.#stopped !== undefined) return this.#stopped;
    const [end] = await Promise.all([this.#listen(command), this.#feed(command, input)]);
    this.#receiving.abort(OVER);
    if (end.ok) await command.signal('terminate');
    return end;
  }

  async #feed(command: WinrsCommand, input: Uint8Array): Promise<void> {
    const sent = await command.send(input, true, this.#receiving.signal);
    // Half a script never runs, but its shell would wait for the other half.
    if (!sent.ok) this.stop(sent.reason, 'the script did not reach the machine');
  }

  async #listen(command: WinrsCommand): Promise<Outcome<RunEnd>> {
    const chunks = command.output(this.#receiving.signal);
    for (;;) {
      const next = await chunks.next();
      if (next.done === true) return next.value;
      if (this.#stopped !== undefined) continue;
      const state = this.#output.push(next.value);
      if (state === 'flood') this.stop('too-large', 'the device sends without end');
      else if (state === 'over-cap' && this.#request.keepTruncated !== true)
        this.stop('too-large', `more than ${this.#request.maxOutputBytes} bytes of output`);
    }
  }
}
