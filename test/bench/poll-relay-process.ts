// The relay child of the poll bench as the bench sees it.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type {
  PollRelayConfig,
  PollRelayReply,
  PollRelayRequest,
  PollReport,
  PrefillReport,
} from './poll-relay-message.ts';
import { type ProcessUse, processUse } from './process-meter.ts';

type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;

export class PollRelayProcess {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: PollRelayReply) => void>();
  #nextId = 0;

  constructor() {
    const entry = fileURLToPath(new URL('./poll-relay.ts', import.meta.url));
    // Where `tsx` is found, whoever starts us from wherever.
    const cwd = fileURLToPath(new URL('.', import.meta.url));
    this.#child = fork(entry, { cwd, execArgv: ['--import', 'tsx'] });
    this.#child.on('message', (message) => {
      // Our own child speaks our own form.
      const reply = message as PollRelayReply;
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
    this.#child.once('exit', () => {
      for (const [id, settle] of this.#waiting) settle({ id, op: 'failed', error: 'the relay child has ended' });
    });
  }

  async start(config: PollRelayConfig): Promise<PrefillReport> {
    return (await this.#ask('start', { op: 'start', config })).prefill;
  }

  async report(): Promise<PollReport> {
    return (await this.#ask('report', { op: 'report' })).report;
  }

  async setInterval(intervalMs: number): Promise<void> {
    await this.#ask('interval', { op: 'interval', intervalMs });
  }

  exec(count: number): Promise<{ ms: number[]; failures: string[] }> {
    return this.#ask('exec', { op: 'exec', count });
  }

  use(): ProcessUse {
    return processUse(this.#child.pid ?? 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    // 10 s: the relay's own stop is bounded well below.
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await this.#ask('stop', { op: 'stop' }).catch(() => this.#child.kill('SIGKILL'));
    await ended;
    clearTimeout(timer);
  }

  async #ask<Op extends PollRelayRequest['op']>(
    op: Op,
    request: WithoutId<PollRelayRequest>,
  ): Promise<Extract<PollRelayReply, { op: Op }>> {
    const id = this.#nextId;
    this.#nextId += 1;
    const answered = new Promise<PollRelayReply>((resolve) => this.#waiting.set(id, resolve));
    this.#child.send({ ...request, id });
    const reply = await answered;
    if (reply.op === op) return reply as Extract<PollRelayReply, { op: Op }>; // `op` is what tells the replies apart
    throw new Error(`poll relay: ${reply.op === 'failed' ? reply.error : `unexpected ${reply.op}`}`);
  }
}
