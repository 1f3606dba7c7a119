// What the end of this relay cut off may still run on its devices: it is ended there when the relay is back, also when the device is away for a while.
import type { Database } from 'better-sqlite3';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { DeviceId, ManifestId } from '#shared/base/id.ts';
import type { Outcome } from '#shared/base/outcome.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import type { Logger } from '#shared/runtime/logger.ts';

/** `handle`: what the device calls a run, where that is known only once it has made it. `ending`: since when it is to be ended; 0 while it runs. */
export const RUN_SCHEMA = `
create table if not exists journal_run (
  manifest text not null,
  device text not null,
  handle text,
  ending integer not null,
  primary key (manifest, device)
) strict, without rowid;`;

const KEEP = `insert into journal_run (manifest, device, handle, ending) values (?, ?, ?, 0)
  on conflict (manifest, device) do update set handle = excluded.handle`;
const MARK = `insert into journal_run (manifest, device, handle, ending) values (?, ?, null, ?)
  on conflict (manifest, device) do update set ending = excluded.ending`;
/** The run ended in order: its handle goes in the same commit as its outcome. */
export const RUN_OVER = 'delete from journal_run where manifest = ? and device = ? and ending = 0';
const DONE = 'delete from journal_run where manifest = ? and device = ?';
/** What had a handle and never began. */
const FORGET = 'delete from journal_run where ending = 0';
const OPEN =
  'select manifest, device, handle, ending from journal_run where ending > 0 order by ending, manifest, device';

/** A day: whatever runs then was ended by its machine, or by a person who had the word that its end is unknown. */
const GIVE_UP_MS = 86_400_000;
/** 30 s: between tries on a device that does not answer; that it is back is told by its poll besides. */
const RETRY_MS = 30_000;
/** 16 at once: each is a login of its own. */
const AT_ONCE = 16;

interface CutOffRun {
  manifest: ManifestId;
  device: DeviceId;
  handle: string | null;
  ending: number;
}

/** Ends a run on its device; true when something of it ran. */
export type EndRun = (
  run: { order: ManifestId; handle: string | undefined },
  entry: RosterEntry,
  signal: AbortSignal,
) => Promise<Outcome<boolean>>;

interface Transactions {
  transact<T>(work: (db: Database) => T): T;
}

/** On disk before the command begins. */
export function keepHandle(
  outbox: Transactions,
  { order, device }: { order: ManifestId; device: DeviceId },
  handle: string,
) {
  outbox.transact((db) => void db.prepare(KEEP).run(order, device, handle));
}

interface CutOffDeps {
  clock: Clock;
  log: Logger;
  outbox: Transactions & { addRecord(lane: 0, record: AuditRecord): void };
  roster: (device: DeviceId) => RosterEntry | undefined;
  end: EndRun;
}

export class CutOffRuns {
  readonly #deps: CutOffDeps;
  readonly #stop = new AbortController();
  readonly #back = new Map<DeviceId, AbortController>();
  readonly #ends: Promise<void>[] = [];

  constructor(deps: CutOffDeps) {
    this.#deps = deps;
  }

  /** These began in the former life; written down before their outcomes are. */
  mark(cutOff: ReadonlyArray<{ manifest: ManifestId; device: DeviceId }>): void {
    const now = this.#deps.clock.now();
    this.#deps.outbox.transact((db) => {
      for (const { manifest, device } of cutOff) db.prepare(MARK).run(manifest, device, now);
    });
  }

  /** Ends what was marked, in this start or an earlier one. */
  begin(): void {
    const open = this.#deps.outbox.transact((db) => {
      db.prepare(FORGET).run();
      return db.prepare(OPEN).all() as CutOffRun[]; // the statement's columns
    });
    const queue = [...open];
    const worker = async () => {
      for (let run = queue.shift(); run !== undefined; run = queue.shift()) await this.#end(run);
    };
    this.#ends.push(...Array.from({ length: Math.min(AT_ONCE, queue.length) }, worker));
  }

  /** The device answers again. */
  deviceBack(device: DeviceId): void {
    this.#back.get(device)?.abort();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#ends);
  }

  async #end(run: CutOffRun): Promise<void> {
    const { clock, log } = this.#deps;
    const until = run.ending + GIVE_UP_MS;
    while (!this.#stop.signal.aborted) {
      const isOver = await this.#tryEnd(run).catch((error: unknown) => {
        log.error(
          { manifest: run.manifest, device: run.device, ...describeError(error) },
          'a cut-off run was not ended',
        );
        return false;
      });
      if (isOver || clock.now() >= until) return this.#forget(run);
      const back = new AbortController();
      this.#back.set(run.device, back);
      const signal = AbortSignal.any([back.signal, this.#stop.signal]);
      await clock.sleep(RETRY_MS, signal).catch(() => undefined); // the device is back, or the relay stops
      this.#back.delete(run.device);
    }
  }

  /** A device that is no more of this relay is not its to end anything on. */
  async #tryEnd({ manifest, device, handle }: CutOffRun): Promise<boolean> {
    const { end, roster, outbox, clock } = this.#deps;
    const entry = roster(device);
    if (entry === undefined) return true;
    const ended = await end({ order: manifest, handle: handle ?? undefined }, entry, this.#stop.signal);
    if (!ended.ok) return ended.reason === 'unsupported';
    if (ended.value) {
      const detail = `${entry.name}: what the end of this relay had cut off still ran and was ended`;
      outbox.addRecord(0, { type: 'audit', at: clock.now(), verb: 'manifest.end', manifest, device, detail });
    }
    return true;
  }

  #forget({ manifest, device }: CutOffRun): void {
    this.#deps.outbox.transact((db) => void db.prepare(DONE).run(manifest, device));
  }
}
