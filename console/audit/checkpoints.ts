// Signs how far the trail has come, so that others can hold on to it: soon after something new stands, and at least every so many rows.
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { MARK_BYTES, MAX_MARKS, type SignedCheckpoint } from '#shared/model/audit-checkpoint.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { fromBase64url, toBase64url } from '#shared/seal/base64url.ts';
import { signCheckpoint } from '#shared/seal/checkpoint-seal.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import * as repository from './checkpoint-repository.ts';

/** As much as one message carries the marks of: then no row is between two checkpoints without its mark. */
const ROWS = MAX_MARKS / 2;
/** What was written longer ago nobody can cut off unseen. */
const AFTER_MS = 10_000;
const LOOK_EVERY_MS = 1_000;

/** A checkpoint as it goes to relays. */
export interface Offer {
  signed: SignedCheckpoint;
  marks: Uint8Array;
}

export interface CheckpointDeps {
  store: Pick<Store, 'db' | 'transaction' | 'incarnation'>;
  clock: Clock;
  log: Logger;
  key: SigningKey;
  /** A new one is stored. */
  onMade: (offer: Offer) => void;
}

export class Checkpoints {
  readonly #deps: CheckpointDeps;
  /** When rows beyond the last checkpoint were first seen. */
  #newSince: number | undefined;

  constructor(deps: CheckpointDeps) {
    this.#deps = deps;
  }

  get keyId(): string {
    return this.#deps.key.publicKey.id;
  }

  /** Until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    while (!signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined); // stopped
      if (signal.aborted) return;
      await this.look().catch((error: unknown) => log.error(describeError(error), 'no checkpoint of the audit trail'));
    }
  }

  /** Makes one when it is time. */
  async look(): Promise<void> {
    const { db } = this.#deps.store;
    const head = await db.selectFrom('audit_head').select('seq').where('id', '=', 1).executeTakeFirst();
    const behind = (head?.seq ?? 0) - ((await repository.newestCheckpoint(db))?.seq ?? 0);
    if (behind <= 0) {
      this.#newSince = undefined;
      return;
    }
    const now = this.#deps.clock.monotonic();
    this.#newSince ??= now;
    if (behind >= ROWS || now - this.#newSince >= AFTER_MS) await this.make();
  }

  /** One over all that stands, now; undefined when the newest speaks for all of it already. */
  async make(): Promise<Offer | undefined> {
    const { store, clock, key, onMade } = this.#deps;
    const head = await store.db.selectFrom('audit_head').select(['seq', 'hash']).where('id', '=', 1).executeTakeFirst();
    if (head === undefined || head.seq < 1) return undefined;
    const { seq, hash } = head;
    const signed = await signCheckpoint({ v: 1, console: store.incarnation, seq, hash, at: clock.now() }, key);
    const isNew = await store.transaction((tx) => repository.insertCheckpoint(tx, rowOf(signed)));
    this.#newSince = undefined;
    if (!isNew) return undefined;
    const offer = await this.#offerOf(signed);
    onMade(offer);
    return offer;
  }

  /** The newest, for a relay that has just come. */
  async newest(): Promise<Offer | undefined> {
    const row = await repository.newestCheckpoint(this.#deps.store.db);
    return row === undefined ? undefined : await this.#offerOf(signedOf(row));
  }

  async #offerOf(signed: SignedCheckpoint): Promise<Offer> {
    const { seq } = signed.checkpoint;
    const rows = await this.#deps.store.db
      .selectFrom('audit_log')
      .select('hash')
      .where('seq', '>', seq - MAX_MARKS)
      .where('seq', '<=', seq)
      .orderBy('seq')
      .execute();
    const marks = Buffer.concat(rows.map(({ hash }) => Buffer.from(hash.slice(0, 2 * MARK_BYTES), 'hex')));
    return { signed, marks: new Uint8Array(marks) };
  }
}

function rowOf({ checkpoint, key, signature }: SignedCheckpoint): repository.StoredCheckpoint {
  const { seq, hash, at, console } = checkpoint;
  return { seq, hash, at, console, keyId: key.id, key: key.key, signature: toBase64url(signature) };
}

/** As it stands in the database: whether it is genuine is for whoever verifies it. */
export function signedOf({
  seq,
  hash,
  at,
  console,
  keyId,
  key,
  signature,
}: repository.StoredCheckpoint): SignedCheckpoint {
  return {
    checkpoint: { v: 1, console, seq, hash, at },
    key: { id: keyId, key },
    signature: fromBase64url(signature) ?? new Uint8Array(0),
  };
}
