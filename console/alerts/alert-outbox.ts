// The durable way from alerts to notify: what changed, once, written in the transaction that changed it; taken at least once, and marked.
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { AlertId, IncidentId } from '#shared/base/id.ts';
import type { Severity } from '#shared/model/alert-words.ts';
import { type CheckBook, wordsOf } from './check-book.ts';
import { findNotice } from './notice-repository.ts';
import { markTaken, waitingChanges } from './outbox-repository.ts';
import type { ChangeKind } from './stored-words.ts';

export type { ChangeKind } from './stored-words.ts';

export interface NewAlertChange {
  incident: IncidentId;
  /** The alert that made it; null where it is of the incident as a whole. */
  alert: AlertId | null;
  kind: ChangeKind;
  /** Of the incident after it. */
  severity: Severity;
  /** True time of what happened, and when the console wrote it down. */
  at: number;
  madeAt: number;
  /** The site's own relay told its on-call this then: nobody is told it twice. */
  toldAt: number | null;
}

export interface AlertChange extends NewAlertChange {
  /** In the order in which they were written; may have holes. */
  seq: number;
}

/** Alerts that one message lists; how many there are besides is in `counts`. */
const MAX_LISTED = 20;

export class AlertOutbox {
  readonly #store: Store;
  readonly #book: CheckBook;

  constructor(deps: { store: Store; book: CheckBook }) {
    this.#store = deps.store;
    this.#book = deps.book;
  }

  /** Undefined when it is gone with its site. The oldest alerts come first: the first one began it. */
  async notice(id: IncidentId) {
    const found = await findNotice(this.#store.db, id, MAX_LISTED);
    if (found === undefined) return undefined;
    const alerts = found.alerts.map((alert) => ({ ...alert, checkName: wordsOf(this.#book, alert.check).name }));
    const [first] = alerts;
    return { ...found, alerts, advice: first === undefined ? '' : wordsOf(this.#book, first.check).advice };
  }

  /** What nobody took yet, the oldest first. */
  waiting(limit: number): Promise<AlertChange[]> {
    return waitingChanges(this.#store.db, limit);
  }

  /**
   * Marks them inside the transaction that writes down what comes of them. Returns those that were still free: another console
   * may have been first.
   */
  take(tx: Tx, seqs: readonly number[], at: number): Promise<Set<number>> {
    return markTaken(tx, seqs, at);
  }
}
