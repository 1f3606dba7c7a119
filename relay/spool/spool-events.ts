// The spool speaks of itself: events for lane 1 and the log, each kind at most once a minute.
import type { Clock } from '#shared/base/clock.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { RelayEventRecord } from '#shared/model/record.ts';

/** A full disk would speak at every commit. */
const QUIET_MS = 60_000;
const MAX_DETAIL = 2_000;

export class SpoolEvents {
  readonly #clock: Clock;
  readonly #onEvent: (event: RelayEventRecord) => void;
  readonly #told = new Map<ErrorCode, number>();

  constructor(deps: { clock: Clock; onEvent: (event: RelayEventRecord) => void }) {
    this.#clock = deps.clock;
    this.#onEvent = deps.onEvent;
  }

  tell(code: ErrorCode, severity: RelayEventRecord['severity'], detail: string): void {
    const now = this.#clock.monotonic();
    const last = this.#told.get(code);
    if (last !== undefined && now - last < QUIET_MS) return;
    this.#told.set(code, now);
    this.#onEvent({ type: 'relay-event', at: this.#clock.now(), code, severity, detail: detail.slice(0, MAX_DETAIL) });
  }
}
