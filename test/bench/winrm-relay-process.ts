// The relay child of the WinRM bench as the bench sees it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type ProcessUse, processUse } from './process-meter.ts';
import type { WinrmRelayConfig, WinrmRelayReply, WinrmRelayRequest, WinrmReport } from './winrm-message.ts';

type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;

/** The relay's own stop is bounded well below. */
const STOP_MS = 10_000;

export class WinrmRelayProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: WinrmRelayReply) => void>();
  #nextId = 0;

  constructor() {
    const entry = fileURLToPath(new URL('./winrm-relay.ts', import.meta.url));
    // Where `tsx` is found, whoever starts us from wherever.
    const cwd = fileURLToPath(new URL('.', import.meta.url));
    this.#child = fork(entry, { cwd, execArgv: ['--import', 'tsx'] });
    this.#child.on('message', (message) => {
      const reply = message as WinrmRelayReply; // our own child speaks our own form
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
    this.#child.once('exit', () => {
      for (const [id, settle] of this.#waiting) settle({ id, op: 'failed', error: 'the relay child has ended' });
    });
  }

  async start(config: WinrmRelayConfig): Promise<void> {
    await this.#ask({ op: 'start', config });
  }

  async report(): Promise<WinrmReport> {
    const reply = await this.#ask({ op: 'report' });
    if (reply.op !== 'report') throw new Error(`WinRM relay: unexpected ${reply.op}`);
    return reply.report;
  }

  async again(): Promise<void> {
    await this.#ask({ op: 'again' });
  }

  use(): ProcessUse {
    return processUse(this.#child.pid ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.#ask({ op: 'stop' }).catch(() => this.#child.kill('SIGKILL'));
    await ended;
    clearTimeout(timer);
  }

  async #ask(request: WithoutId<WinrmRelayRequest>): Promise<WinrmRelayReply> {
    const id = this.#nextId;
    this.#nextId += 1;
    const answered = new Promise<WinrmRelayReply>((resolve) => this.#waiting.set(id, resolve));
    this.#child.send({ ...request, id });
    const reply = await answered;
    if (reply.op === 'failed') throw new Error(`WinRM relay: ${reply.error}`);
    return reply;
  }
}
