// Sends the audit trail to a syslog receiver: every row at least once and in order, from where the last delivery ended, over restarts too.
import type { Store } from '#console/store/database.ts';
import { backoffMs } from '#shared/base/backoff.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { AuditLink } from '#shared/crypto/audit-chain.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { linksAfter } from './audit-rows.ts';
import { checkpointsAfter, type StoredCheckpoint } from './checkpoint-repository.ts';
import { deliver, type SyslogTarget, targetName } from './syslog-connection.ts';
import { checkpointMessage, rowMessage, type Sender } from './syslog-format.ts';

/** In memory at once, and sent again when a delivery fails: some hundred kilobytes. */
const ROWS = 500;
/** New rows leave within this. */
const LOOK_EVERY_MS = 1_000;
/** A receiver that restarts is back in seconds; one that is gone is asked once a minute. */
const BACKOFF = { baseMs: 1_000, capMs: 60_000 };
/** One line of the log in this time says that deliveries go on failing. */
const TELL_EVERY_MS = 600_000;

export interface ForwarderDeps {
  store: Pick<Store, 'db' | 'transaction'>;
  clock: Clock;
  log: Logger;
  random: () => number;
  target: SyslogTarget;
  sender: Sender;
}

interface Batch {
  rows: AuditLink[];
  checkpoints: StoredCheckpoint[];
  /** The rows end before the trail does. */
  isFull: boolean;
}

interface Cursor {
  seq: number;
  checkpointSeq: number;
}

export class SyslogForwarder {
  readonly #deps: ForwarderDeps;
  readonly #name: string;
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(deps: ForwarderDeps) {
    this.#deps = deps;
    this.#name = targetName(deps.target);
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, random } = this.#deps;
    let failures = 0;
    while (!signal.aborted) {
      let waitMs = LOOK_EVERY_MS;
      try {
        const isMore = await this.sendNext(signal);
        failures = 0;
        if (isMore) waitMs = 0;
      } catch (error) {
        if (signal.aborted) return;
        waitMs = Math.max(LOOK_EVERY_MS, backoffMs(failures, { ...BACKOFF, random }));
        failures += 1;
        this.#tell(error);
      }
      if (waitMs > 0) await clock.sleep(waitMs, signal).catch(() => undefined); // stopped
    }
  }

  /** Delivers what is due, at most one batch of it; true when more waits. */
  async sendNext(signal: AbortSignal): Promise<boolean> {
    const { target, sender } = this.#deps;
    const cursor = await this.#cursor();
    const batch = await this.#due(cursor);
    const { rows, checkpoints } = batch;
    if (rows.length === 0 && checkpoints.length === 0) return false;
    await deliver(target, messagesOf(batch, sender), signal);
    await this.#keep({
      seq: rows.at(-1)?.seq ?? cursor.seq,
      checkpointSeq: checkpoints.at(-1)?.seq ?? cursor.checkpointSeq,
    });
    return batch.isFull;
  }

  /** A checkpoint never goes before the row that it speaks for. */
  async #due({ seq, checkpointSeq }: Cursor): Promise<Batch> {
    const { db } = this.#deps.store;
    const rows = await linksAfter(db, seq, ROWS);
    const upTo = rows.at(-1)?.seq ?? seq;
    const checkpoints = (await checkpointsAfter(db, checkpointSeq, ROWS)).filter((one) => one.seq <= upTo);
    return { rows, checkpoints, isFull: rows.length === ROWS || checkpoints.length === ROWS };
  }

  async #cursor(): Promise<Cursor> {
    const found = await this.#deps.store.db
      .selectFrom('syslog_cursor')
      .select(['seq', 'checkpoint_seq as checkpointSeq'])
      .where('target', '=', this.#name)
      .executeTakeFirst();
    return found ?? { seq: 0, checkpointSeq: 0 };
  }

  async #keep({ seq, checkpointSeq }: Cursor): Promise<void> {
    const row = { seq, checkpoint_seq: checkpointSeq };
    await this.#deps.store.transaction((tx) =>
      tx
        .insertInto('syslog_cursor')
        .values({ target: this.#name, ...row })
        .onConflict((conflict) => conflict.column('target').doUpdateSet(row))
        .execute(),
    );
  }

  #tell(error: unknown): void {
    const { clock, log } = this.#deps;
    const now = clock.monotonic();
    if (now - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now;
    log.warn({ target: this.#name, ...describeError(error) }, 'the audit trail waits for its syslog receiver');
  }
}

/** Each checkpoint stands right behind its row. */
function* messagesOf({ rows, checkpoints }: Batch, sender: Sender): Generator<Buffer> {
  let next = 0;
  const first = rows[0]?.seq ?? Number.POSITIVE_INFINITY;
  const upTo = function* (seq: number) {
    for (let one = checkpoints[next]; one !== undefined && one.seq <= seq; one = checkpoints[next]) {
      next += 1;
      yield checkpointMessage(one, sender);
    }
  };
  yield* upTo(first - 1);
  for (const row of rows) {
    yield rowMessage(row, sender);
    yield* upTo(row.seq);
  }
}
