// Starts a Windows lab in a process of its own and speaks to it.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { HostCounts } from '#test/peers/windows-host/host-counts.ts';
import type { HostMode } from '#test/peers/windows-host/host-mode.ts';
import type { WindowsLabDevice, WindowsLabOptions } from './windows-lab.ts';
import type { WindowsLabReady, WindowsLabReply, WindowsLabRequest } from './windows-lab-message.ts';

type WithoutId<T> = T extends { id: number } ? Omit<T, 'id'> : never;

/** After this the process is killed: closing a thousand sockets takes far less. */
const STOP_MS = 5_000;

export class WindowsLabProcess {
  readonly pid: number;
  readonly devices: readonly WindowsLabDevice[];
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, (reply: WindowsLabReply) => void>();
  #nextId = 0;

  constructor(child: ChildProcess, pid: number, devices: readonly WindowsLabDevice[]) {
    this.#child = child;
    this.pid = pid;
    this.devices = devices;
    child.once('close', () => {
      for (const [id, settle] of this.#waiting) settle({ id, ok: false, error: 'the lab has ended' });
    });
  }

  /** Called with each line after the first. */
  received(line: string): void {
    const reply = JSON.parse(line) as WindowsLabReply; // our own child wrote it, in our own form
    this.#waiting.get(reply.id)?.(reply);
    this.#waiting.delete(reply.id);
  }

  async set(devices: readonly number[], change: Partial<HostMode>): Promise<void> {
    await this.#ask({ op: 'set', devices: [...devices], change });
  }

  async setPassword(password: string): Promise<void> {
    await this.#ask({ op: 'password', password });
  }

  async showOtherKey(index: number): Promise<void> {
    await this.#ask({ op: 'other-key', index });
  }

  async counts(): Promise<readonly HostCounts[]> {
    return (await this.#ask({ op: 'counts' })) ?? [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const over = once(this.#child, 'close');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    this.#child.stdin?.end();
    await over;
    clearTimeout(timer);
  }

  async #ask(request: WithoutId<WindowsLabRequest>): Promise<HostCounts[] | undefined> {
    const id = this.#nextId;
    this.#nextId += 1;
    const answered = new Promise<WindowsLabReply>((resolve) => this.#waiting.set(id, resolve));
    this.#child.stdin?.write(`${JSON.stringify({ ...request, id })}\n`);
    const reply = await answered;
    if (!reply.ok) throw new Error(`Windows lab: ${reply.error}`);
    return reply.value;
  }
}

/** Starts `test/lab/windows-main.ts` as a child; it dies with this process, whose end closes its stdin. */
export async function startWindowsLabProcess(
  options: Pick<WindowsLabOptions, 'devices' | 'base' | 'seed'>,
): Promise<WindowsLabProcess> {
  const entry = fileURLToPath(new URL('./windows-main.ts', import.meta.url));
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
  const child = spawn(process.execPath, ['--import', 'tsx', entry, ...given], {
    // Where `tsx` is found, whoever starts us from wherever.
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout });
  const first = once(lines, 'line');
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the Windows lab ended before it was ready (${code})`);
  });
  const [line] = await Promise.race([first, ended]);
  ended.catch(() => undefined); // it ends some day
  const ready = JSON.parse(String(line)) as WindowsLabReady; // our own child wrote both, in our own form
  const devices = JSON.parse(readFileSync(ready.devicesFile, 'utf8')) as WindowsLabDevice[];
  const lab = new WindowsLabProcess(child, ready.pid, devices);
  lines.on('line', (next) => lab.received(next));
  return lab;
}
