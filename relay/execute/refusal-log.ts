// Tells what was refused, here and in the console's audit, within a budget: a stolen console that sends a million forgeries fills no disk.
import type { Clock, EpochMs } from '#shared/base/clock.ts';
import { describeError, type ErrorCode } from '#shared/base/errors.ts';
import type { AuditRecord, OutcomeRecord, RelayEventRecord } from '#shared/model/record.ts';
import type { Logger } from '#shared/runtime/logger.ts';

/** Records: every order of a long outage may come back refused, or one for a whole site with its outcomes. About 1 MB of spool. */
const BURST = 2_500;
/** After a burst: 17,280 records or 9 MB a day at most. */
const PER_SECOND = 0.2;
/** One event in this time says that refusals go on; each of them stands in the audit and in the relay's own log. */
const ALARM_EVERY_MS = 600_000;

/** What no honest console hands over, whatever its people do. */
const FORGED: ReadonlySet<ErrorCode> = new Set([
  'signature-invalid',
  'charter-rollback',
  'manifest-replayed',
  'manifest-retargeted',
  'identity-changed',
  'audit-regression',
  'audit-key-changed',
  'audit-trail-changed',
]);

/** What the audit keeps of something that was not taken. */
export function refusalOf(verb: string, at: EpochMs, error: unknown): AuditRecord {
  const { code, message } = describeError(error);
  return { type: 'audit', at, verb, code, detail: message.slice(0, 1_000) };
}

export interface RefusalLogDeps {
  clock: Pick<Clock, 'monotonic'>;
  outbox: {
    addRecord(lane: 0, record: AuditRecord): void;
    addRecords(lane: 0, records: readonly OutcomeRecord[]): void;
  };
  /** The relay's own log: whoever holds the console cannot take a line out of it. */
  log?: Pick<Logger, 'warn'>;
  /** An event of the relay, for people who watch: the first refusal, and then one in ten minutes. */
  onAlarm?: (event: RelayEventRecord) => void;
}

export class RefusalLog {
  readonly #deps: RefusalLogDeps;
  #tokens = BURST;
  #at: number;
  #untold = 0;
  /** A harmless refusal must not keep a forgery quiet: each severity has its own ten minutes. */
  readonly #alarms = {
    warning: { at: Number.NEGATIVE_INFINITY, since: 0 },
    critical: { at: Number.NEGATIVE_INFINITY, since: 0 },
  };

  constructor(deps: RefusalLogDeps) {
    this.#deps = deps;
    this.#at = deps.clock.monotonic();
  }

  /** False when the budget is spent: then it is only counted, and the count is told with the next one that is told. */
  tell(audit: AuditRecord, outcomes: readonly OutcomeRecord[] = []): boolean {
    const { outbox } = this.#deps;
    this.#refill();
    this.#alarm(audit);
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
    const { verb, code, manifest, device, detail } = audit;
    this.#deps.log?.warn({ verb, code, manifest, device, detail }, 'refused');
    return true;
  }

  #alarm({ at, verb, code = 'denied', detail }: AuditRecord): void {
    const severity = FORGED.has(code) ? 'critical' : 'warning';
    const last = this.#alarms[severity];
    const now = this.#deps.clock.monotonic();
    if (now - last.at < ALARM_EVERY_MS) {
      last.since += 1;
      return;
    }
    const more = last.since > 0 ? ` (${last.since} more since the last alarm)` : '';
    this.#alarms[severity] = { at: now, since: 0 };
    const text = `${verb}: ${detail}`.slice(0, 1_900) + more;
    this.#deps.onAlarm?.({ type: 'relay-event', at, code, severity, detail: text });
  }

  #refill(): void {
    const now = this.#deps.clock.monotonic();
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#at) * PER_SECOND) / 1_000);
    this.#at = now;
  }
}

const FLOOD = 'refusals come faster than they can be told: from here on they are counted';
