// Starts a lab in a process of its own and speaks to it: the same switches as a lab at hand, a promise each.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Behaviour } from './behaviour.ts';
import type { LabDevice, LabOptions } from './lab.ts';
import type { LabReady, LabReply, LabRequest } from './lab-message.ts';
import type { MachineCounts } from './machine.ts';

type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;

/** After this the process is killed: closing a few thousand sockets takes far less. */
const STOP_MS = 5_000;

export class LabProcess {
  readonly pid: number;
  readonly port: number;
  readonly devices: readonly LabDevice[];
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: LabReply) => void>();
  #nextId = 0;

  constructor(child: ChildProcess, ready: LabReady, devices: readonly LabDevice[]) {
    this.#child = child;
    this.pid = ready.pid;
    this.port = ready.port;
    this.devices = devices;
    child.once('close', () => {
      for (const [id, settle] of this.#waiting) settle({ id, ok: false, error: 'the lab has ended' });
    });
  }

  /** Called with each line after the first. */
  received(line: string): void {
    // Our own child wrote it, in our own form.
    const reply = JSON.parse(line) as LabReply;
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }

  async set(index: number, change: Partial<Behaviour>): Promise<void> {
    await this.#ask({ op: 'set', index, change });
  }

  async heal(index: number): Promise<void> {
    await this.#ask({ op: 'heal', index });
  }

  async reboot(index: number): Promise<void> {
    await this.#ask({ op: 'reboot', index });
  }

  async swap(first: number, second: number): Promise<void> {
    await this.#ask({ op: 'swap', first, second });
  }

  async counts(): Promise<MachineCounts[]> {
    const value = await this.#ask({ op: 'counts' });
    return Array.isArray(value) ? value : [];
  }

  async file(index: number, path: string): Promise<string | undefined> {
    const value = await this.#ask({ op: 'file', index, path });
    return typeof value === 'string' ? value : undefined;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const closed = once(this.#child, 'close');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    this.#child.stdin?.end();
    await closed;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  async #ask(request: WithoutId<LabRequest>): Promise<MachineCounts[] | string | undefined> {
    const id = this.#nextId;
    this.#nextId += 1;
    const answered = new Promise<LabReply>((resolve) => this.#waiting.set(id, resolve));
    this.#child.stdin?.write(`${JSON.stringify({ ...request, id })}\n`);
    const reply = await answered;
    if (!reply.ok) throw new Error(`lab: ${reply.error}`);
    return reply.value;
  }
}

function argumentsOf({ devices, base, port, seed, isAudit, sandbox }: Omit<LabOptions, 'clock'>): string[] {
  const named = { devices, base, port, seed, sandbox };
  const given = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, `${value}`],
  );
  return isAudit === true ? [...given, '--audit'] : given;
}

/** Starts `test/lab/main.ts` as a child; it dies with this process, whose end closes its stdin. */
export async function startLabProcess(
  options: Omit<LabOptions, 'clock'>,
  env: Readonly<Record<string, string>> = {},
): Promise<LabProcess> {
  const entry = fileURLToPath(new URL('./main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', entry, ...argumentsOf(options)], {
    // Where `tsx` is found, whoever starts us from wherever.
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  });
  const lines = createInterface({ input: child.stdout });
  const first = once(lines, 'line');
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the lab ended before it was ready (${code})`);
  });
  const [line] = await Promise.race([first, ended]);
  ended.catch(() => undefined); // it ends some day
  // Our own child wrote both, in our own form.
  const ready = JSON.parse(String(line)) as LabReady;
  const lab = new LabProcess(child, ready, JSON.parse(readFileSync(ready.devicesFile, 'utf8')) as LabDevice[]);
  lines.on('line', (next) => lab.received(next));
  return lab;
}
