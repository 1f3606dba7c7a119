// Watches that each request is answered in time: one sleep for all of them, and a question to a server that may keep us waiting.
import type { Clock } from '#shared/base/clock.ts';
import { SmbError } from './smb-fault.ts';

export interface WatchdogDeps {
  clock: Clock;
  replyMs: number;
  onLate: (error: SmbError) => void;
  /** Sends something that is answered at once; its own time is watched like any other's. */
  ask: () => void;
}

export class Watchdog {
  readonly #deps: WatchdogDeps;
  /** By message id: when the answer is late; infinite for one that may take for ever. */
  readonly #dueAt = new Map<number, number>();
  readonly #over = new AbortController();
  #isWatching = false;

  constructor(deps: WatchdogDeps) {
    this.#deps = deps;
  }

  begin(id: number): void {
    this.#dueAt.set(id, this.#deps.clock.monotonic() + this.#deps.replyMs);
    if (!this.#isWatching) void this.#watch();
  }

  prolong(id: number, isForEver: boolean): void {
    this.#dueAt.set(id, isForEver ? Number.POSITIVE_INFINITY : this.#deps.clock.monotonic() + this.#deps.replyMs);
  }

  end(id: number): void {
    this.#dueAt.delete(id);
  }

  stop(): void {
    this.#dueAt.clear();
    this.#over.abort();
  }

  async #watch(): Promise<void> {
    const { clock, replyMs } = this.#deps;
    this.#isWatching = true;
    while (this.#dueAt.size > 0) {
      const first = Math.min(...this.#dueAt.values());
      const now = clock.monotonic();
      if (first <= now) return this.#deps.onLate(new SmbError('timed-out', `no answer within ${replyMs} ms`));
      const isOnlyPatient = first === Number.POSITIVE_INFINITY;
      try {
        await clock.sleep(isOnlyPatient ? replyMs : Math.max(1, first - now), this.#over.signal);
      } catch {
        return; // stopped
      }
      if (isOnlyPatient && this.#isAllPatient()) this.#deps.ask();
    }
    this.#isWatching = false;
  }

  #isAllPatient(): boolean {
    return this.#dueAt.size > 0 && [...this.#dueAt.values()].every((due) => due === Number.POSITIVE_INFINITY);
  }
}
