// What every device said last, in memory: the fleet page and live view read this, never the database.
import { setImmediate as pause } from 'node:timers/promises';
import type { Db } from '#console/store/engine.ts';
import { type Clock, HOUR_MS, hourOf } from '#shared/base/clock.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import { type DerivedValue, derive } from '#shared/model/derive.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { ArrivedPoll } from './batch-rows.ts';
import type { ChunkStore } from './chunk-store.ts';
import { decodeStored, type OpenChains, storedFrames } from './open-chains.ts';
import { ScriptNames } from './script-names.ts';

/** A relay's clock may run ahead this much before its newest poll stops counting as the newest. */
const FUTURE_MS = 60_000;
/** A relay names devices as it likes: twice the largest roster of a site is more than any honest one has. */
const MAX_DEVICES_PER_RELAY = 10_000;
/** Polls of the recent window per device: two minutes at 10 s, enough for a sparkline. */
const RECENT_POLLS = 12;
/** All recent windows together; at 16 bytes a value about 64 MB. Above it each device keeps the two polls that rates need. */
const MAX_RECENT_VALUES = 4_000_000;

export interface Latest {
  /** The relay's time of the poll. */
  at: number;
  values: readonly DerivedValue[];
}

/** A poll in an array of our own, which is written over when the poll is too old: new arrays every minute would be left to the collector. */
interface KeptPoll extends PollRecord {
  values: (number | undefined)[];
}

interface Entry {
  /** Oldest first, never empty. */
  polls: KeptPoll[];
  /** Computed when asked for, once per poll. */
  derived: readonly DerivedValue[] | undefined;
}

/** What arrived with one frame. */
export interface Arrival {
  relay: RelayId;
  polls: readonly ArrivedPoll[];
}

export class LastValues {
  readonly #clock: Clock;
  /** What each relay said; whose word counts for a device stands in the console's own records, and is asked by it. */
  readonly #relays = new Map<RelayId, Map<DeviceId, Entry>>();
  /** What scripts have named. */
  readonly scripts = new ScriptNames();
  #values = 0;
  #refused = 0;

  constructor(deps: { clock: Clock }) {
    this.#clock = deps.clock;
  }

  /** Takes polls that are stored; an older poll than the known one (backlog) changes nothing. Returns the devices that moved. */
  take(arrival: Arrival): DeviceId[] {
    // Of several polls of a device its newest counts: it moved once.
    const moved = new Set<DeviceId>();
    const notAfter = this.#clock.now() + FUTURE_MS;
    const devices = this.#relays.get(arrival.relay) ?? new Map<DeviceId, Entry>();
    this.#relays.set(arrival.relay, devices);
    for (const poll of arrival.polls) this.scripts.note(poll.series);
    for (const poll of arrival.polls) if (this.#takeOne(devices, poll, notAfter)) moved.add(poll.device);
    return [...moved];
  }

  /** Undefined before the first poll. Which relay the device is of, the console's own records say. */
  latest(relay: RelayId, device: DeviceId): Latest | undefined {
    const entry = this.#relays.get(relay)?.get(device);
    const poll = entry?.polls.at(-1);
    if (entry === undefined || poll === undefined) return undefined;
    entry.derived ??= derive(entry.polls.at(-2), poll);
    return { at: poll.at, values: entry.derived };
  }

  /** Whom this relay has polled since the start, or who was read back. */
  devicesOf(relay: RelayId): Iterable<DeviceId> {
    return this.#relays.get(relay)?.keys() ?? [];
  }

  relays(): Iterable<RelayId> {
    return this.#relays.keys();
  }

  /** The last few raw polls of a device, oldest first: to be read at once, because newer ones are written into them. */
  recent(relay: RelayId, device: DeviceId): readonly PollRecord[] {
    return this.#relays.get(relay)?.get(device)?.polls ?? [];
  }

  /** The device was removed, or moved to another site. */
  forget(device: DeviceId): void {
    for (const devices of this.#relays.values()) {
      const entry = devices.get(device);
      if (entry === undefined) continue;
      this.#values -= entry.polls.reduce((sum, poll) => sum + poll.values.length, 0);
      devices.delete(device);
    }
  }

  stats(): { devices: number; values: number; refused: number } {
    const devices = [...this.#relays.values()].reduce((sum, own) => sum + own.size, 0);
    return { devices, values: this.#values, refused: this.#refused };
  }

  #takeOne(devices: Map<DeviceId, Entry>, poll: ArrivedPoll, notAfter: number): boolean {
    const entry = devices.get(poll.device);
    if (entry === undefined) {
      if (devices.size >= MAX_DEVICES_PER_RELAY) {
        this.#refused += 1;
        return false;
      }
      devices.set(poll.device, { polls: [kept(poll, undefined)], derived: undefined });
      this.#values += poll.series.length;
      return true;
    }
    const last = entry.polls.at(-1)?.at ?? 0;
    // A time in the future is a wrong clock: what comes after its correction is newer all the same.
    if (poll.at <= last && last <= notAfter) return false;
    entry.derived = undefined;
    const oldest = this.#trim(entry, poll);
    entry.polls.push(kept(poll, oldest));
    this.#values += poll.series.length;
    return true;
  }

  /** Makes room for one more; what went last can be written over. */
  #trim({ polls }: Entry, next: ArrivedPoll): KeptPoll | undefined {
    const keep = this.#values + next.series.length > MAX_RECENT_VALUES ? 2 : RECENT_POLLS;
    let oldest: KeptPoll | undefined;
    while (polls.length >= keep) {
      oldest = polls.shift();
      this.#values -= oldest?.values.length ?? 0;
    }
    return oldest;
  }
}

/** `into` is a poll that nobody looks at any more. */
function kept(poll: ArrivedPoll, into: KeptPoll | undefined): KeptPoll {
  const { device, at, series } = poll;
  if (into === undefined || into.values.length !== series.length)
    // Begun with halves: an array that begins with doubles holds doubles in one piece.
    return fill({ device, at, series, values: Array.from(series, () => 0.5) }, poll);
  into.at = at;
  into.series = series;
  return fill(into, poll);
}

function fill(kept: KeptPoll, { values, from = 0 }: ArrivedPoll): KeptPoll {
  const own = kept.values;
  for (let column = 0; column < own.length; column += 1) {
    const value = values[from + column];
    own[column] = value === undefined || Number.isNaN(value) ? undefined : value;
  }
  return kept;
}

interface RestoreDeps {
  chunks: ChunkStore;
  chains: OpenChains;
  lastValues: LastValues;
  clock: Clock;
}

/** A newest hour that has less than this may lack devices that are polled seldom: the hour before it is read too. */
const YOUNG_HOUR_MS = 900_000;

/**
 * Reads the newest stored polls of a relay again after a restart. It gives way to other work after each fetch of frames,
 * and leaves the decoders of the newest hour open for what the relay sends next.
 */
export async function restoreRelay(
  deps: RestoreDeps,
  db: Db,
  place: { relay: RelayId; site: SiteId },
  signal: AbortSignal,
): Promise<void> {
  const notAfter = hourOf(deps.clock.now()) + 1;
  const [newest, before] = await deps.chunks.newestHours(db, place.relay, notAfter, 2);
  if (newest === undefined) return;
  const newestAt = await restoreHour(deps, db, place, newest, signal);
  // An older poll changes nothing where a newer one is known: newest first is safe, and what people look at.
  if (before !== undefined && newestAt - newest * HOUR_MS < YOUNG_HOUR_MS)
    await restoreHour(deps, db, place, before, signal);
}

/** The time of the newest poll in that hour. */
async function restoreHour(
  { chunks, chains, lastValues }: RestoreDeps,
  db: Db,
  place: { relay: RelayId; site: SiteId },
  hour: number,
  signal: AbortSignal,
): Promise<number> {
  let newestAt = 0;
  for (const tail of await chunks.tails(db, place.relay, hour, hour)) {
    const decoder = new DeltaDecoder(hour);
    let through = 0;
    for await (const frame of storedFrames(chunks, db, tail, { pause })) {
      signal.throwIfAborted();
      through = frame.seq;
      const polls = decodeStored(decoder, frame.data) ?? [];
      lastValues.take({ ...place, polls });
      for (const { at } of polls) newestAt = Math.max(newestAt, at);
    }
    chains.adopt(tail, through, decoder);
  }
  return newestAt;
}
