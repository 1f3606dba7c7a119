// Watches the room on the console's disk: people are told, what is dear stops first, and all of it goes on by itself once there is room.
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { RoomLevel } from '#shared/contract/maintenance-contract.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { type RoomNeeds, roomOf } from './room-level.ts';

/** 5 s: at 30 MB/s a disk fills by 150 MB between two looks, less than lies between two levels. */
const LOOK_MS = 5_000;
/** A level is left for a better one only with this much more room than it begins at, so that it does not swing. */
const HYSTERESIS = 1.1;

const ORDER: readonly RoomLevel[] = ['plenty', 'low', 'short', 'full'];

export interface RoomWatchDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  log: Logger;
  needs: RoomNeeds;
  read: () => { freeBytes: number };
  /** Held back beside the database: its deletes need room. */
  ballast: { readonly isHeld: boolean; readonly sizeBytes: number; release(): boolean; restore(): boolean };
  /** The disk has become short of room: what may go before its time. */
  onShort: () => Promise<void>;
}

export class RoomWatch {
  readonly #deps: RoomWatchDeps;
  #level: RoomLevel = 'plenty';
  /** What people were told last; behind `level` while the database cannot be written. */
  #told: RoomLevel = 'plenty';

  constructor(deps: RoomWatchDeps) {
    this.#deps = deps;
    this.#level = this.#read('plenty');
  }

  get level(): RoomLevel {
    return this.#level;
  }

  /** Asked by ingest before each batch of metrics. */
  get isFull(): boolean {
    return this.#level === 'full';
  }

  get isShort(): boolean {
    return this.#level === 'short' || this.#level === 'full';
  }

  /** Looks for itself: whoever makes room asks after each step whether it is enough. */
  isShortNow(): boolean {
    this.#level = this.#read(this.#level);
    return this.isShort;
  }

  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      await this.#deps.clock.sleep(LOOK_MS, signal).catch(() => undefined); // stopping
    }
  }

  /** One look; never rejects. */
  async look(): Promise<void> {
    const { log, ballast, onShort } = this.#deps;
    try {
      const was = this.#level;
      this.#level = this.#read(was);
      if (this.#level === 'full') ballast.release();
      if (this.#level === 'plenty' || this.#level === 'low') ballast.restore();
      if (this.#level !== this.#told) await this.#tell(this.#told, this.#level);
      if (this.isShort) await onShort();
    } catch (error) {
      // The next look is soon.
      log.error(describeError(error), 'the room on the disk could not be looked after');
    }
  }

  #read(was: RoomLevel): RoomLevel {
    const { needs } = this.#deps;
    const freeBytes = this.#freeBytes();
    const now = roomOf({ freeBytes }, needs).room;
    if (ORDER.indexOf(now) >= ORDER.indexOf(was)) return now;
    const careful = roomOf({ freeBytes: freeBytes / HYSTERESIS }, needs).room;
    return ORDER.indexOf(careful) < ORDER.indexOf(was) ? careful : was;
  }

  /** As if the ballast were held: what was given up is no room to fill. */
  #freeBytes(): number {
    const { read, ballast } = this.#deps;
    return Math.max(0, read().freeBytes - (ballast.isHeld ? 0 : ballast.sizeBytes));
  }

  async #tell(from: RoomLevel, to: RoomLevel): Promise<void> {
    const { store, audit, log, needs } = this.#deps;
    const freeBytes = this.#freeBytes();
    const text = roomOf({ freeBytes }, needs).text ?? 'there is room again';
    const isWorse = ORDER.indexOf(to) > ORDER.indexOf(from);
    if (isWorse) log.warn({ room: to, freeBytes }, text);
    else log.info({ room: to, freeBytes }, text);
    const row = { verb: 'storage.room', resource: 'console', outcome: isWorse ? ('failed' as const) : ('ok' as const) };
    await store.transaction(async (tx) => {
      await audit.append(tx, { actor: 'system:storage', ...row, detail: { from, to, freeBytes, text } });
    });
    this.#told = to;
  }
}
