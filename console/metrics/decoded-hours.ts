// A bounded cache of decoded hours: what charts read. An hour that still grows is read on from where it was left.
import { setImmediate as pause } from 'node:timers/promises';
import type { Db } from '#console/store/engine.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { ChainTail, ChunkStore } from './chunk-store.ts';
import { decodeStored, storedFrames } from './open-chains.ts';

/** All cached hours together: at 16 bytes a value about 64 MB. */
const MAX_VALUES = 4_000_000;
/** An hour larger than this is kept for the asked device alone: a page looks at one device of a large site at a time. */
const MAX_VALUES_PER_HOUR = 1_000_000;

interface Chain {
  decoder: DeltaDecoder;
  lastSeq: number;
}

class DecodedHour {
  readonly chains = new Map<string, Chain>();
  readonly polls = new Map<DeviceId, PollRecord[]>();
  /** Set when the hour is too large to keep whole: only this device's polls are here. */
  only: DeviceId | undefined;
  values = 0;

  add(poll: PollRecord): void {
    if (this.only !== undefined && poll.device !== this.only) return;
    const polls = this.polls.get(poll.device);
    if (polls === undefined) this.polls.set(poll.device, [poll]);
    else polls.push(poll);
    this.values += poll.values.length;
  }

  /** Forgets everybody but `device`. */
  narrow(device: DeviceId): void {
    const own = this.polls.get(device) ?? [];
    this.only = device;
    this.polls.clear();
    this.polls.set(device, own);
    this.values = own.reduce((sum, poll) => sum + poll.values.length, 0);
  }
}

const decoderOf = (hour: number, only: DeviceId | undefined) =>
  new DeltaDecoder(hour, only === undefined ? {} : { only });

const byTime = (polls: readonly PollRecord[]): PollRecord[] => {
  const sorted = [...polls].sort((a, b) => a.at - b.at);
  // The same poll may stand in two lanes or spools when a disk was copied: one time, one poll.
  return sorted.filter((poll, i) => poll.at !== sorted[i - 1]?.at);
};

export class DecodedHours {
  readonly #chunks: ChunkStore;
  /** In order of last use. */
  readonly #hours = new Map<string, DecodedHour>();
  #values = 0;
  #broken = 0;
  /** One reader at a time: two charts of one page share the work instead of doing it twice. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: { chunks: ChunkStore }) {
    this.#chunks = deps.chunks;
  }

  /** The device's polls within the hours [fromHour, toHour] as one relay sent them, by time, each time once. */
  polls(db: Db, relay: RelayId, device: DeviceId, hours: { from: number; to: number }): Promise<PollRecord[]> {
    const result = this.#turn.then(() => this.#read(db, relay, device, hours));
    this.#turn = result.catch(() => undefined); // the caller hears of it; the next in line must not
    return result;
  }

  stats(): { hours: number; values: number; broken: number } {
    return { hours: this.#hours.size, values: this.#values, broken: this.#broken };
  }

  async #read(db: Db, relay: RelayId, device: DeviceId, hours: { from: number; to: number }): Promise<PollRecord[]> {
    const tails = await this.#chunks.tails(db, relay, hours.from, hours.to);
    const polls: PollRecord[] = [];
    for (const hour of new Set(tails.map((tail) => tail.hour))) {
      const chains = tails.filter((tail) => tail.hour === hour);
      const decoded = await this.#advance(db, `${relay} ${hour}`, chains, device);
      for (const poll of decoded.polls.get(device) ?? []) polls.push(poll);
    }
    return byTime(polls);
  }

  async #advance(db: Db, slot: string, tails: readonly ChainTail[], device: DeviceId): Promise<DecodedHour> {
    const hour = this.#take(slot, device);
    for (const tail of tails) await this.#readOn(db, hour, tail, device);
    this.#hours.set(slot, hour);
    this.#values += hour.values;
    this.#shrink(slot);
    return hour;
  }

  /** The cached hour, out of the cache while it is worked on; a new one when it was kept for another device. */
  #take(slot: string, device: DeviceId): DecodedHour {
    const known = this.#hours.get(slot);
    if (known === undefined) return new DecodedHour();
    this.#hours.delete(slot);
    this.#values -= known.values;
    if (known.only === undefined || known.only === device) return known;
    const fresh = new DecodedHour();
    fresh.only = device;
    return fresh;
  }

  async #readOn(db: Db, hour: DecodedHour, tail: ChainTail, device: DeviceId): Promise<void> {
    const name = `${tail.epoch} ${tail.lane}`;
    const chain = hour.chains.get(name) ?? { decoder: decoderOf(tail.hour, hour.only), lastSeq: 0 };
    hour.chains.set(name, chain);
    if (chain.lastSeq >= tail.lastSeq) return;
    for await (const frame of storedFrames(this.#chunks, db, tail, { afterSeq: chain.lastSeq, pause })) {
      chain.lastSeq = frame.seq;
      const polls = decodeStored(chain.decoder, frame.data);
      if (polls === undefined) this.#broken += 1;
      for (const poll of polls ?? []) hour.add(poll);
      if (hour.only === undefined && hour.values > MAX_VALUES_PER_HOUR) hour.narrow(device);
    }
  }

  #shrink(keep: string): void {
    for (const [slot, hour] of this.#hours) {
      if (this.#values <= MAX_VALUES || slot === keep) return;
      this.#hours.delete(slot);
      this.#values -= hour.values;
    }
  }
}
