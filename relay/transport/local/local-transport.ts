// The transport to the relay's own machine: the same promises as a remote one, without a network or a credential.

import { type DeviceFacts, readDeviceFacts } from '#relay/transport/host-identity.ts';
import { ScriptRun } from '#relay/transport/script-run.ts';
import type { Login, RunRequest, RunResult, Session, Transport } from '#relay/transport/transport.ts';
import { readWindowsFacts } from '#relay/transport/windows-identity.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { LocalCarrier } from './local-carrier.ts';
import { readLocal, writeLocal } from './local-files.ts';
import { LocalPowershell } from './local-powershell.ts';

interface LocalDeps {
  clock: Clock;
  random: RandomBytes;
  /** Default: that of this process. On `win32` scripts are PowerShell's, the same as over WinRM; unproven, as no Windows ran them. */
  platform?: NodeJS.Platform;
  /** Default: Windows PowerShell of this machine. */
  powershell?: Pick<LocalPowershell, 'run'>;
}

class LocalSession implements Session {
  readonly identity: DeviceFacts['identity'];
  readonly system: DeviceFacts['system'];
  readonly hostname: string | undefined;
  readonly #runner: LocalRunner;

  constructor(facts: DeviceFacts, runner: LocalRunner) {
    this.identity = facts.identity;
    this.system = facts.system;
    this.hostname = facts.hostname;
    this.#runner = runner;
  }

  get isOpen(): boolean {
    return !this.#runner.isClosed;
  }

  run(request: RunRequest, signal: AbortSignal): Promise<Outcome<RunResult>> {
    return this.#runner.run(request, signal);
  }

  async read(path: string, maxBytes: number, signal: AbortSignal): Promise<Outcome<Uint8Array>> {
    return this.isOpen ? readLocal(path, maxBytes, signal) : fail('lost', `${path}: the session is closed`);
  }

  async write(path: string, content: Uint8Array, signal: AbortSignal): Promise<Outcome<void>> {
    return this.isOpen ? this.#runner.write(path, content, signal) : fail('lost', `${path}: the session is closed`);
  }

  close(): void {
    this.#runner.close();
  }
}

class LocalRunner {
  readonly #deps: LocalDeps;
  readonly #name: string;
  /** Where this machine is Windows. */
  readonly powershell: Pick<LocalPowershell, 'run'> | undefined;
  readonly #closing = new AbortController();

  constructor(deps: LocalDeps, name: string) {
    this.#deps = deps;
    this.#name = name;
    const { clock, platform = process.platform, powershell = new LocalPowershell({ clock, name }) } = deps;
    this.powershell = platform === 'win32' ? powershell : undefined;
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }

  async run(request: RunRequest, signal: AbortSignal): Promise<Outcome<RunResult>> {
    if (this.isClosed) return fail('lost', `${this.#name}: the session is closed`);
    const either = AbortSignal.any([signal, this.#closing.signal]);
    if (this.powershell !== undefined) return this.powershell.run(request, either);
    const carrier = new LocalCarrier(this.#deps.clock);
    const run = new ScriptRun(request, carrier, { ...this.#deps, name: this.#name });
    return (await run.finish(either)).outcome;
  }

  write(path: string, content: Uint8Array, signal: AbortSignal): Promise<Outcome<void>> {
    return writeLocal(path, content, signal, this.#deps.random);
  }

  close(): void {
    this.#closing.abort();
  }
}

export class LocalTransport implements Transport {
  readonly kind = 'local';
  readonly #deps: LocalDeps;

  constructor(deps: LocalDeps) {
    this.#deps = deps;
  }

  /** The relay's own machine asks for no login. */
  login(): Outcome<Login> {
    return succeed({ serves: ['monitor', 'act'], stamp: '' });
  }

  async open(entry: RosterEntry, signal: AbortSignal): Promise<Outcome<Session>> {
    const runner = new LocalRunner(this.#deps, entry.name);
    const { random } = this.#deps;
    const run = (request: RunRequest) => runner.run(request, signal);
    const facts =
      runner.powershell === undefined
        ? await readDeviceFacts(run, random, {})
        : await readWindowsFacts(undefined, run, signal, undefined, random);
    return facts.ok ? succeed(new LocalSession(facts.value, runner)) : facts;
  }
}
