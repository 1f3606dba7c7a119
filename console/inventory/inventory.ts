// Inventory: what devices are made of, kept by content so that ten thousand equal machines cost one body.
import { createHash } from 'node:crypto';
import type { Scope } from '#console/access/scope.ts';
import { ownDevices } from '#console/devices/own-devices.ts';
import type { Link } from '#console/sites/relays.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { FactRecord } from '#shared/model/record.ts';
import * as repository from './fact-repository.ts';

/** A body stored under a hash that is not its own would speak for every device that has the true one. */
function checkBody(record: FactRecord): void {
  const name = `fact ${record.kind} of device ${record.device}`;
  if (createHash('sha256').update(record.body).digest('hex') !== record.hash)
    throw new AppError('frame-malformed', `${name}: the body has not the hash it came with`);
  try {
    JSON.parse(record.body);
  } catch (cause) {
    throw new AppError('frame-malformed', `${name}: the body is not JSON`, { cause });
  }
}

export type StoredFact = Pick<FactRecord, 'device' | 'kind' | 'hash' | 'body'>;

export class Inventory {
  #store: Store;
  #onFacts: ((facts: readonly StoredFact[]) => void) | undefined;

  constructor(deps: {
    store: Store;
    /** Told after the commit: facts of devices that are the relay's own, whose content is new. */
    onFacts?: ((facts: readonly StoredFact[]) => void) | undefined;
  }) {
    this.#store = deps.store;
    this.#onFacts = deps.onFacts;
  }

  /** By kind. */
  current(scope: Scope, device: DeviceId): Promise<repository.DeviceFact[]> {
    return repository.listFacts(this.#store.db, scope, device);
  }

  /** Newest first. */
  history(scope: Scope, device: DeviceId, kind: string, limit: number): Promise<repository.FactVersion[]> {
    return repository.listFactHistory(this.#store.db, scope, { device, kind }, limit);
  }

  /** Facts of one batch, in order. Throws `frame-malformed` for a body that lies about its hash. */
  async applyFacts(tx: Tx, link: Link, records: readonly FactRecord[]): Promise<void> {
    const own = await ownDevices(
      tx,
      link.relay,
      records.map((record) => record.device),
    );
    const current = await repository.currentFacts(tx, [...own]);
    const bodies = new Map<string, string>();
    const latest = new Map<string, repository.CurrentFact>();
    const news: StoredFact[] = [];
    const changes: Array<{ device: DeviceId; kind: string; at: number; hash: string }> = [];
    for (const record of records) {
      if (!own.has(record.device)) continue;
      const { device, kind, hash, at } = record;
      checkBody(record);
      const key = repository.factKey(record);
      const before = current.get(key);
      const isSame = before?.hash === hash;
      if (!isSame) {
        bodies.set(hash, record.body);
        changes.push({ device, kind, at, hash });
        news.push({ device, kind, hash, body: record.body });
      }
      const firstSeenAt = isSame ? before.firstSeenAt : at;
      current.set(key, { hash, firstSeenAt });
      latest.set(key, { device, kind, hash, firstSeenAt, seenAt: at });
    }
    await repository.insertBodies(tx, bodies);
    await repository.insertHistory(tx, changes);
    await repository.upsertFacts(tx, link.relay, [...latest.values()].sort(byKey));
    if (news.length > 0) afterCommit(() => this.#onFacts?.(news));
  }
}

const byKey = (a: repository.CurrentFact, b: repository.CurrentFact): number =>
  repository.factKey(a) < repository.factKey(b) ? -1 : 1;
