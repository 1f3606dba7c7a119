// Inventory: what devices are made of, kept by content so that ten thousand equal machines cost one body.
import { createHash } from 'node:crypto';
import type { Scope } from '#console/access/scope.ts';
import { ownDevices } from '#console/devices/own-devices.ts';
import type { Link } from '#console/sites/relays.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { TimeBound } from '#console/store/cursor.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import type { FactRecord } from '#shared/model/record.ts';
import { type FactDiff, factDiff } from './fact-diff.ts';
import * as repository from './fact-repository.ts';

export type { FactChange } from './fact-repository.ts';

// A body has at most 512 KiB: ten changes are at most 10 MB at once.
const CHANGES_PER_READ = 10;
// Characters of bodies that one answer compares: about 50 ms. Packages of a desktop are 200,000.
const MAX_READ = 4_000_000;

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

  /** Changes of all kinds, newest first; the caller has checked that the device may be seen. */
  changesBefore(device: DeviceId, bound: TimeBound | undefined, limit: number): Promise<repository.FactChange[]> {
    return repository.factChangesBefore(this.#store.db, device, bound, limit);
  }

  /** What these changes are, in their order: at least of the first, and of as many as fit into one answer's work. */
  async describe(changes: readonly repository.FactChange[]): Promise<Array<FactDiff & { isFirst: boolean }>> {
    const described: Array<FactDiff & { isFirst: boolean }> = [];
    const bodies = new Map<string, unknown>();
    let read = 0;
    for (let from = 0; from < changes.length && read < MAX_READ; from += CHANGES_PER_READ) {
      const some = changes.slice(from, from + CHANGES_PER_READ);
      const hashes = some.flatMap(({ hash, formerHash }) => (formerHash === null ? [] : [hash, formerHash]));
      const unread = [...new Set(hashes)].filter((hash) => !bodies.has(hash));
      for (const [hash, body] of await repository.findBodies(this.#store.db, unread)) {
        read += body.length;
        bodies.set(hash, JSON.parse(body));
      }
      for (const { kind, hash, formerHash } of some) {
        const former = formerHash === null ? undefined : bodies.get(formerHash);
        described.push({ ...factDiff(kind, former, bodies.get(hash)), isFirst: formerHash === null });
      }
    }
    return described;
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
