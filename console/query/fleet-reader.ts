// Reads the database into the fleet's rows: all of it at start, and afterwards what somebody said has changed.
import { setImmediate as pause } from 'node:timers/promises';
import type { Db } from '#console/store/engine.ts';
import { digestFact, type FactDigest } from './device-facts.ts';
import {
  type FactRow,
  readBodies,
  readDevices,
  readFactRows,
  readGroups,
  readIds,
  readRelays,
  readSites,
} from './fleet-repository.ts';
import type { FleetRows } from './fleet-rows.ts';
import type { GroupRecord } from './group-plan.ts';

/** Devices read at once: some milliseconds, between which requests are answered. */
const DEVICES_AT_ONCE = 250;
/** Bodies read and parsed at once: lists of packages have 20 KB each, 512 KB at most. */
const BODIES_AT_ONCE = 50;
/** Digests kept while everything is read: many machines run the same system. */
const MAX_DIGESTS = 10_000;

interface ReaderDeps {
  db: () => Db;
  rows: FleetRows;
  /** A row was written anew, or is gone. */
  onRow: (row: number) => void;
  /** Sites, customers or relays are others, or are called otherwise. */
  onPlaces: () => void;
  onGroups: (groups: readonly GroupRecord[]) => void;
  onFailure: (error: unknown) => void;
}

type Part = 'sites' | 'relays' | 'groups';

export class FleetReader {
  readonly #deps: ReaderDeps;
  readonly #parts = new Set<Part>();
  /** At most one entry per device of the console. */
  #devices = new Set<string>();
  /** Being read now: what changes meanwhile is read once more. */
  #inHand = new Set<string>();
  #work: Promise<void> | undefined;
  readonly #digests = new Map<string, FactDigest>();

  constructor(deps: ReaderDeps) {
    this.#deps = deps;
  }

  get isBehind(): boolean {
    return this.#work !== undefined || this.#parts.size > 0 || this.#devices.size > 0;
  }

  /** Everything, at start; what is told meanwhile is read after it. */
  async readAll(): Promise<void> {
    this.#work = this.#readEverything().finally(() => {
      this.#work = undefined;
    });
    await this.#work;
  }

  async #readEverything(): Promise<void> {
    const db = this.#deps.db();
    await this.#readPart('sites');
    await this.#readPart('relays');
    for (let after = ''; ; ) {
      const ids = await readIds(db, after, DEVICES_AT_ONCE);
      await this.#readDevices(ids);
      await pause();
      after = ids.at(-1) ?? '';
      if (ids.length < DEVICES_AT_ONCE) break;
    }
    this.#digests.clear();
    await this.#readPart('groups');
  }

  /** Call it after the commit. Reading begins at once; `settled` tells when it is done. */
  readAgain(part: Part): void {
    this.#parts.add(part);
    this.start();
  }

  readDevicesAgain(ids: Iterable<string>): void {
    for (const id of ids) this.#devices.add(id);
    this.start();
  }

  /** Something of this device was written past the reader: what it has in hand may be older. */
  touch(id: string): void {
    if (this.#inHand.has(id)) this.#devices.add(id);
  }

  /** Begins where it stopped, after a failure too. */
  start(): void {
    if (this.#parts.size === 0 && this.#devices.size === 0) return;
    this.#work ??= this.#drain().finally(() => {
      this.#work = undefined;
    });
  }

  /** All that was said before is read, or has failed and waits for the next `start`. */
  async settled(): Promise<void> {
    await this.#work;
  }

  async #drain(): Promise<void> {
    // Whoever tells of many changes in one go is heard out first.
    await Promise.resolve();
    while (this.#parts.size > 0 || this.#devices.size > 0) {
      const parts = [...this.#parts];
      const ids = [...this.#devices].slice(0, DEVICES_AT_ONCE);
      try {
        for (const part of parts) {
          this.#parts.delete(part);
          await this.#readPart(part);
        }
        for (const id of ids) this.#devices.delete(id);
        if (ids.length > 0) await this.#readDevices(ids);
        if (this.#devices.size > 0) await pause();
      } catch (error) {
        for (const part of parts) this.#parts.add(part);
        for (const id of ids) this.#devices.add(id);
        this.#deps.onFailure(error);
        return;
      }
    }
  }

  async #readPart(part: Part): Promise<void> {
    const { rows, onGroups, onPlaces } = this.#deps;
    const db = this.#deps.db();
    switch (part) {
      case 'sites': {
        rows.sites.replace(await readSites(db));
        onPlaces();
        // Who stands at a site that is gone is gone, or will be seen to stand elsewhere.
        for (const row of rows.all())
          if (rows.siteOf(row) === undefined) this.#devices.add(rows.texts.id.text[row] ?? '');
        return;
      }
      case 'relays':
        rows.relays.replace(await readRelays(db));
        onPlaces();
        return;
      case 'groups':
        onGroups(await readGroups(db));
    }
  }

  async #readDevices(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { rows, onRow } = this.#deps;
    this.#inHand = new Set(ids);
    const found = await readDevices(this.#deps.db(), ids);
    const fresh: string[] = [];
    for (const device of found) {
      const { row, isNew } = rows.write(device);
      if (isNew) fresh.push(device.id);
      onRow(row);
      if (rows.siteOf(row) === undefined) this.#parts.add('sites');
      if (device.relayId !== null && rows.relayOf(row) === undefined) this.#parts.add('relays');
    }
    const known = new Set(found.map(({ id }) => id));
    for (const id of ids) this.#forget(known.has(id) ? undefined : rows.rowOf(id));
    if (fresh.length > 0) await this.#readFacts(fresh);
    this.#inHand = new Set();
  }

  #forget(row: number | undefined): void {
    if (row === undefined) return;
    this.#deps.rows.remove(row);
    this.#deps.onRow(row);
  }

  async #readFacts(ids: readonly string[]): Promise<void> {
    const waiting = new Map<string, FactRow[]>();
    for (const fact of await readFactRows(this.#deps.db(), ids)) {
      if (this.#takeKnown(fact)) continue;
      const same = waiting.get(fact.hash);
      if (same === undefined) waiting.set(fact.hash, [fact]);
      else same.push(fact);
    }
    const hashes = [...waiting.keys()];
    for (let from = 0; from < hashes.length; from += BODIES_AT_ONCE) {
      const bodies = await readBodies(this.#deps.db(), hashes.slice(from, from + BODIES_AT_ONCE));
      for (const [hash, body] of bodies) this.#takeBody(waiting.get(hash) ?? [], hash, body);
      await pause();
    }
  }

  /** Lists that another device has already, and systems that were met before, need no body. */
  #takeKnown({ device, kind, hash }: FactRow): boolean {
    const { rows, onRow } = this.#deps;
    const row = rows.rowOf(device);
    if (row === undefined) return true;
    const digest = this.#digests.get(hash);
    if (digest !== undefined) rows.writeFact(row, digest, hash);
    else if ((kind === 'packages' || kind === 'services') && rows.hasList(kind, hash))
      rows.writeFact(row, { kind, names: [] }, hash);
    else return false;
    onRow(row);
    return true;
  }

  #takeBody(facts: readonly FactRow[], hash: string, body: string): void {
    const { rows, onRow } = this.#deps;
    const [first] = facts;
    const digest = first === undefined ? undefined : digestFact(first.kind, body);
    if (digest === undefined) return;
    if ((digest.kind === 'os' || digest.kind === 'users') && this.#digests.size < MAX_DIGESTS)
      this.#digests.set(hash, digest);
    for (const { device } of facts) {
      const row = rows.rowOf(device);
      if (row === undefined) continue;
      rows.writeFact(row, digest, hash);
      onRow(row);
    }
  }
}
