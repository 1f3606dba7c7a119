// A bounded cache of decoded hours: what charts read. An hour that still grows is read on from where it was left.
import { setImmediate as pause } from 'node:timers/promises';
import type { Db } from '#console/store/engine.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { ChainTail, ChunkStore } from './chunk-store.ts';
import { decodeStored, storedFrames } from './open-chains.ts';

export interface DecodedHoursLimits {
  /** Values of all cached hours together. */
  all: number;
  /** Values of an hour that is kept whole: beyond it a page looks at one device of a large site at a time. */
  whole: number;
  /** Values of an hour that is read whole for the chart of one device: more would cost the first chart of a site too much. */
  neighbours: number;
}

/** At 16 bytes a value about 64 MB, and 16 MB of them; 100 devices of 40 series in an hour are decoded in 30 ms. */
const LIMITS: DecodedHoursLimits = { all: 4_000_000, whole: 1_000_000, neighbours: 240_000 };
/** The newest hours of a short chart are kept with all their devices, because the next page asks for a neighbour. */
const WHOLE_HOURS = 2;
/** Then others have their turn, which while much is received is a commit: of many short turns a chart would be late. */
const SLICE_MS = 8;
/** Relays that were found to be large; at the bound the knowledge begins anew and costs one more decoding each. */
const MAX_LARGE = 1_000;

interface Chain {
  decoder: DeltaDecoder;
  lastSeq: number;
}

interface DecodedHour {
  /** The one device that is here; undefined: all are. */
  readonly only: DeviceId | undefined;
  readonly chains: Map<string, Chain>;
  readonly polls: Map<DeviceId, PollRecord[]>;
  values: number;
}

export interface HourSpan {
  from: number;
  to: number;
}

const byTime = (polls: readonly PollRecord[]): PollRecord[] => {
  const sorted = [...polls].sort((a, b) => a.at - b.at);
  // The same poll may stand in two lanes or spools when a disk was copied: one time, one poll.
  return sorted.filter((poll, i) => poll.at !== sorted[i - 1]?.at);
};

export class DecodedHours {
  readonly #chunks: ChunkStore;
  readonly #limits: DecodedHoursLimits;
  /** By relay and hour, and by device where only one is kept; in order of last use. */
  readonly #hours = new Map<string, DecodedHour>();
  readonly #large = new Set<RelayId>();
  /** The same of those too large for neighbours. */
  readonly #wide = new Set<RelayId>();
  #values = 0;
  #broken = 0;
  /** One reader at a time: two charts of one page share the work instead of doing it twice. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(deps: { chunks: ChunkStore; limits?: Partial<DecodedHoursLimits> }) {
    this.#chunks = deps.chunks;
    this.#limits = { ...LIMITS, ...deps.limits };
  }

  /** The hours within `span` of which this relay's frames are here, ascending, the newest `limit` of them. */
  async hours(db: Db, relay: RelayId, span: HourSpan, limit: number): Promise<number[]> {
    const newest = await this.#chunks.newestHours(db, relay, span.to, limit);
    return newest.filter((hour) => hour >= span.from).reverse();
  }

  /** The device's polls within one hour of a span as one relay sent them, by time, each time once. */
  polls(db: Db, relay: RelayId, device: DeviceId, ask: { hour: number; of: HourSpan }): Promise<PollRecord[]> {
    const result = this.#turn.then(() => this.#read(db, relay, device, ask));
    this.#turn = result.catch(() => undefined); // the caller hears of it; the next in line must not
    return result;
  }

  /** Everybody's polls within one hour as one relay sent them, each by time; undefined where that hour is too large to be kept whole. */
  everybody(db: Db, relay: RelayId, hour: number): Promise<ReadonlyMap<DeviceId, PollRecord[]> | undefined> {
    const result = this.#turn.then(async () => {
      const chains = await this.#chunks.tails(db, relay, hour, hour);
      if (chains.length === 0) return new Map<DeviceId, PollRecord[]>();
      const { whole: most } = this.#limits;
      const slot = `${relay} ${hour}`;
      const whole = this.#large.has(relay) ? undefined : await this.#advance(db, slot, chains, { most });
      if (whole === undefined) remember(this.#large, relay);
      return whole && new Map([...whole.polls].map(([device, polls]) => [device, byTime(polls)]));
    });
    this.#turn = result.catch(() => undefined); // as above
    return result;
  }

  stats(): { hours: number; values: number; broken: number } {
    return { hours: this.#hours.size, values: this.#values, broken: this.#broken };
  }

  async #read(
    db: Db,
    relay: RelayId,
    device: DeviceId,
    { hour, of }: { hour: number; of: HourSpan },
  ): Promise<PollRecord[]> {
    const chains = await this.#chunks.tails(db, relay, hour, hour);
    if (chains.length === 0) return [];
    const whole = await this.#whole(db, relay, chains, { hour, isShort: of.to - of.from < WHOLE_HOURS });
    const one = { only: device, most: Number.POSITIVE_INFINITY };
    const decoded = whole ?? (await this.#advance(db, `${relay} ${hour} ${device}`, chains, one));
    return byTime(decoded?.polls.get(device) ?? []);
  }

  /** All devices of the hour, where they are here already or few. */
  async #whole(
    db: Db,
    relay: RelayId,
    chains: readonly ChainTail[],
    { hour, isShort }: { hour: number; isShort: boolean },
  ): Promise<DecodedHour | undefined> {
    const slot = `${relay} ${hour}`;
    const isHere = this.#hours.has(slot);
    if (!isHere && (!isShort || this.#wide.has(relay))) return undefined;
    const most = isHere ? this.#limits.whole : Math.min(this.#limits.neighbours, this.#limits.whole);
    const whole = await this.#advance(db, slot, chains, { most });
    if (whole === undefined) remember(this.#wide, relay);
    return whole;
  }

  /** The hour, read on to its end; undefined when it is too large to be kept whole. */
  async #advance(
    db: Db,
    slot: string,
    tails: readonly ChainTail[],
    { only, most }: { only?: DeviceId; most: number },
  ): Promise<DecodedHour | undefined> {
    const hour = this.#take(slot) ?? { only, chains: new Map(), polls: new Map(), values: 0 };
    for (const tail of tails) if (!(await this.#readOn(db, hour, tail, most))) return undefined;
    this.#hours.set(slot, hour);
    this.#values += hour.values;
    this.#shrink(slot);
    return hour;
  }

  /** Out of the cache while it is worked on: a failure leaves nothing half read behind. */
  #take(slot: string): DecodedHour | undefined {
    const known = this.#hours.get(slot);
    if (known === undefined) return undefined;
    this.#hours.delete(slot);
    this.#values -= known.values;
    return known;
  }

  /** False when the hour has more values than are wanted. */
  async #readOn(db: Db, hour: DecodedHour, tail: ChainTail, most: number): Promise<boolean> {
    const chain = chainOf(hour, tail);
    if (chain.lastSeq >= tail.lastSeq) return true;
    let begun = systemClock.monotonic();
    for await (const frame of storedFrames(this.#chunks, db, tail, { afterSeq: chain.lastSeq })) {
      chain.lastSeq = frame.seq;
      if (systemClock.monotonic() - begun > SLICE_MS) {
        await pause();
        begun = systemClock.monotonic();
      }
      const polls = decodeStored(chain.decoder, frame.data);
      if (polls === undefined) this.#broken += 1;
      for (const poll of polls ?? []) keep(hour, poll);
      if (hour.values > most) return false;
    }
    return true;
  }

  #shrink(newest: string): void {
    for (const [slot, hour] of this.#hours) {
      if (this.#values <= this.#limits.all || slot === newest) return;
      this.#hours.delete(slot);
      this.#values -= hour.values;
    }
  }
}

function remember(relays: Set<RelayId>, relay: RelayId): void {
  if (relays.size >= MAX_LARGE) relays.clear();
  relays.add(relay);
}

function chainOf(hour: DecodedHour, { epoch, lane, hour: number }: ChainTail): Chain {
  const name = `${epoch} ${lane}`;
  const known = hour.chains.get(name);
  if (known !== undefined) return known;
  const { only } = hour;
  const chain = { decoder: new DeltaDecoder(number, only === undefined ? {} : { only }), lastSeq: 0 };
  hour.chains.set(name, chain);
  return chain;
}

function keep(hour: DecodedHour, poll: PollRecord): void {
  const polls = hour.polls.get(poll.device);
  if (polls === undefined) hour.polls.set(poll.device, [poll]);
  else polls.push(poll);
  hour.values += poll.values.length;
}
