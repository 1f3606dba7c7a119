// A session as the pool lends it: counts what runs on it, so that idle means idle.
import type { Clock } from '#shared/base/clock.ts';
import type { ManifestId } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import type { DeviceShell } from './device-shell.ts';
import type { RemoteFiles } from './remote-files.ts';
import type { RunRequest, RunResult, Session } from './transport.ts';

export class PooledSession implements Session {
  readonly #inner: Session;
  readonly #clock: Clock;
  #running = 0;
  #usedAt: number;

  constructor(inner: Session, clock: Clock) {
    this.#inner = inner;
    this.#clock = clock;
    this.#usedAt = clock.monotonic();
  }

  get identity(): Session['identity'] {
    return this.#inner.identity;
  }

  get system(): Session['system'] {
    return this.#inner.system;
  }

  get hostname(): Session['hostname'] {
    return this.#inner.hostname;
  }

  get address(): Session['address'] {
    return this.#inner.address;
  }

  get way(): Session['way'] {
    return this.#inner.way;
  }

  get cim(): Session['cim'] {
    return this.#inner.cim;
  }

  get isOpen(): boolean {
    return this.#inner.isOpen;
  }

  /** Milliseconds since it was last of use; 0 while something runs on it. */
  get idleMs(): number {
    return this.#running > 0 ? 0 : this.#clock.monotonic() - this.#usedAt;
  }

  touch(): void {
    this.#usedAt = this.#clock.monotonic();
  }

  run(request: RunRequest, signal: AbortSignal): Promise<Outcome<RunResult>> {
    return this.#counted(() => this.#inner.run(request, signal));
  }

  async endRun(run: { order: ManifestId; handle: string | undefined }, signal: AbortSignal): Promise<Outcome<boolean>> {
    if (this.#inner.endRun === undefined) return fail('unsupported', 'its transport ends nothing of an earlier life');
    return this.#counted(async () => (await this.#inner.endRun?.(run, signal)) ?? succeed(false));
  }

  read(path: string, maxBytes: number, signal: AbortSignal): Promise<Outcome<Uint8Array>> {
    return this.#counted(() => this.#inner.read(path, maxBytes, signal));
  }

  write(path: string, content: Uint8Array, signal: AbortSignal): Promise<Outcome<void>> {
    return this.#counted(() => this.#inner.write(path, content, signal));
  }

  async files(signal: AbortSignal, onClose: () => void): Promise<Outcome<RemoteFiles>> {
    if (this.#inner.files === undefined)
      return fail(
        'unsupported',
        `${this.hostname ?? 'this device'}: its transport leads to no files that could be browsed`,
      );
    this.#running += 1;
    const release = () => {
      this.#running -= 1;
      this.touch();
    };
    const opened = await this.#inner.files(signal, () => {
      release();
      onClose();
    });
    if (!opened.ok) release();
    return opened;
  }

  get openShell(): Session['openShell'] {
    const { openShell } = this.#inner;
    if (openShell === undefined) return undefined;
    return async (request, signal) => {
      const opened = await this.#counted(() => openShell.call(this.#inner, request, signal));
      if (!opened.ok) return opened;
      // While somebody is at it the session is of use, whatever is typed.
      this.#running += 1;
      return succeed(withEnd(opened.value, () => this.#left()));
    };
  }

  close(): void {
    this.#inner.close();
  }

  #left(): void {
    this.#running -= 1;
    this.touch();
  }

  async #counted<T>(act: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await act();
    } finally {
      this.#running -= 1;
      this.touch();
    }
  }
}

/** The same shell; `onEnd` is told once, when its output has ended. */
function withEnd(shell: DeviceShell, onEnd: () => void): DeviceShell {
  return {
    hasTty: shell.hasTty,
    write: (bytes) => shell.write(bytes),
    resize: (size) => shell.resize(size),
    async *output() {
      try {
        return yield* shell.output();
      } finally {
        onEnd();
      }
    },
    close: () => shell.close(),
  };
}
