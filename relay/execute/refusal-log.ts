// Tells the console's audit what was refused, within a budget: a stolen console that sends a million forgeries fills no disk.
import type { Clock } from '#shared/base/clock.ts';
import type { AuditRecord, OutcomeRecord } from '#shared/model/record.ts';

/** Records: every order of a long outage may come back refused, or one for a whole site with its outcomes. About 1 MB of spool. */
const BURST = 2_500;
/** After a burst: 17,280 records or 9 MB a day at most. */
const PER_SECOND = 0.2;

export interface RefusalLogDeps {
  clock: Pick<Clock, 'monotonic'>;
  outbox: {
    addRecord(lane: 0, record: AuditRecord): void;
    addRecords(lane: 0, records: readonly OutcomeRecord[]): void;
  };
}

export class RefusalLog {
  readonly #deps: RefusalLogDeps;
  #tokens = BURST;
  #at: number;
  #untold = 0;

  constructor(deps: RefusalLogDeps) {
    this.#deps = deps;
    this.#at = deps.clock.monotonic();
  }

  /** False when the budget is spent: then it is only counted, and the count is told with the next one that is told. */
  tell(audit: AuditRecord, outcomes: readonly OutcomeRecord[] = []): boolean {
    const { outbox } = this.#deps;
    this.#refill();
    const cost = 1 + outcomes.length;
    if (this.#tokens < cost) {
      this.#untold += 1;
      // The first one over the budget says that a flood began.
      if (this.#untold === 1) outbox.addRecord(0, { ...audit, code: 'rate-limited', detail: FLOOD });
      return false;
    }
    this.#tokens -= cost;
    const more = this.#untold > 1 ? ` (and ${this.#untold - 1} more before it)` : '';
    this.#untold = 0;
    // Outcomes first: the console takes a refusal for the end of whatever it has not heard of.
    if (outcomes.length > 0) outbox.addRecords(0, outcomes);
    outbox.addRecord(0, { ...audit, detail: `${audit.detail}${more}` });
    return true;
  }

  #refill(): void {
    const now = this.#deps.clock.monotonic();
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#at) * PER_SECOND) / 1_000);
    this.#at = now;
  }
}

const FLOOD = 'refusals come faster than they can be told: from here on they are counted';
