// A login on a Windows machine over WinRM, as polls and orders use it.
import type { CimSource } from '#relay/transport/cim.ts';
import type { DeviceFacts } from '#relay/transport/host-identity.ts';
import type { RunRequest, RunResult, Session, SessionWay } from '#relay/transport/transport.ts';
import type { RandomBytes } from '#shared/base/id.ts';
import { type Failure, fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { WsmanIdentity } from './client.ts';
import { KeylessGuard } from './keyless-guard.ts';
import { type RemoteShellRun, readOverPowershell, writeOverPowershell } from './winrm-files.ts';

/** What of a client a session needs; `WinrmClient` fits. */
export interface SessionClient {
  readonly cim: CimSource;
  /** Of all its connections together. */
  readonly logins: number;
  run(request: RunRequest, signal: AbortSignal): Promise<Outcome<RunResult>>;
  endShell?(id: string, signal: AbortSignal): Promise<Outcome<boolean>>;
  close(why?: Failure): Promise<void>;
}

interface WinrmSessionParts {
  name: string;
  random: RandomBytes;
  facts: Pick<DeviceFacts, 'identity' | 'hostname'> & { service?: WsmanIdentity };
  client: SessionClient;
  address: string;
  way: SessionWay;
  onClose?: () => void;
}

export class WinrmSession implements Session {
  readonly system = 'windows';
  readonly identity: Session['identity'];
  readonly hostname: string | undefined;
  readonly address: string;
  readonly way: SessionWay;
  readonly cim: CimSource;
  /** What answers there, as it says of itself. */
  readonly service: WsmanIdentity | undefined;
  readonly #client: SessionClient;
  readonly #shell: RemoteShellRun;
  /** Where no key tells machines apart. */
  readonly #guard: KeylessGuard | undefined;
  readonly #onClose: (() => void) | undefined;
  #isOpen = true;

  constructor({ name, random, facts, client, address, way, onClose }: WinrmSessionParts) {
    this.identity = facts.identity;
    this.hostname = facts.hostname;
    this.service = facts.service;
    this.address = address;
    this.way = way;
    const isKeyless = way.seal !== 'tls' && way.auth === 'ntlm';
    const onOther = () => this.close();
    this.#guard = isKeyless ? new KeylessGuard({ name, client, identity: facts.identity, onOther }) : undefined;
    this.cim = this.#guard?.cim ?? client.cim;
    this.#client = client;
    this.#onClose = onClose;
    this.#shell = { name, random, run: (request, signal) => this.run(request, signal) };
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  async run(request: RunRequest, signal: AbortSignal): Promise<Outcome<RunResult>> {
    if (!this.#isOpen) return fail('lost', `${this.#shell.name}: the session is closed`);
    const ran = await this.#client.run(request, signal);
    return (ran.ok ? await this.#guard?.check(signal) : undefined) ?? ran;
  }

  read(path: string, maxBytes: number, signal: AbortSignal): Promise<Outcome<Uint8Array>> {
    return readOverPowershell(this.#shell, path, maxBytes, signal);
  }

  write(path: string, content: Uint8Array, signal: AbortSignal): Promise<Outcome<void>> {
    return writeOverPowershell(this.#shell, path, content, signal);
  }

  /** By the shell it ran in; an order that had none began nothing. */
  async endRun({ handle }: { handle: string | undefined }, signal: AbortSignal): Promise<Outcome<boolean>> {
    if (handle === undefined) return succeed(false);
    return (
      (await this.#client.endShell?.(handle, signal)) ?? fail('unsupported', `${this.#shell.name}: ends no shells`)
    );
  }

  /** Whoever is in the middle of something is told why. */
  close(why?: Failure): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onClose?.();
    // It clears its shells away behind itself, within its own short deadlines; nobody waits for that.
    this.#client.close(why).catch(() => undefined);
  }
}
