// The calls `keep` and `coverage`: hours that relays sealed, opened and mapped before they are kept; and which hours are here already.
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId } from '#shared/base/id.ts';
import { type ChunkLayout, decodeLaidOut } from '#shared/codec/chunk-decoder.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import { renumberChunk } from '#shared/codec/renumber-chunk.ts';
import type { DayStore, DayWriter, StoredSeries } from '#shared/day-files/day-store.ts';
import { mapSeries } from '#shared/day-files/map-series.ts';
import { namedSeries } from '#shared/day-files/stored-series.ts';
import { MAX_INSTANCE_BYTES } from '#shared/model/metric-catalogue.ts';
import type { HourDictionary } from './hour-dictionary.ts';
import { isSameTally, tallyOf, weightOf } from './hour-tally.ts';
import type { Claim, KeepPart, RelaySeries } from './keep-part.ts';
import type { Sealed } from './metric-engine.ts';
import { sealingOf } from './seal-call.ts';
import { SealHour, type ToldHour } from './seal-hour.ts';
import type { CallContext } from './worker-call.ts';

/** Hours whose parts are coming: a refill takes four relays at a time, one that ended in the middle is forgotten after the others. */
const MAX_KEEPING = 16;
const DAY_HOURS = 24;

interface Keeping {
  seal: SealHour;
  giveWay: () => Promise<void>;
  undecodable: number;
}

export interface Kept extends Sealed {
  /** Chunks of this part that hold what their tallies say, and are on disk. */
  matched: number;
}

const keepings = new WeakMap<DayStore, Map<string, Keeping>>();

/**
 * Resolves with what is new so far once it is on disk. A chunk that does not open, or that has no metric this program knows, is left
 * out and counted. Parts may come again, in any number: rows are merged by time.
 */
export async function keepPart(part: KeepPart, context: CallContext): Promise<Kept> {
  const all = keepings.get(context.store) ?? new Map<string, Keeping>();
  keepings.set(context.store, all);
  const of = `${part.relay} ${part.hour}`;
  const keeping = part.isFirst ? begin(part, context) : all.get(of);
  if (keeping === undefined)
    throw new AppError('bad-request', `relay ${part.relay}: hour ${part.hour} comes without its beginning`);
  keeping.giveWay = context.giveWay;
  all.delete(of);
  const before = { ...keeping.seal.sealed };
  const matches = { count: 0 };
  await keeping.seal.keep(openAll(part, keeping, matches));
  if (part.claim !== undefined) {
    keeping.seal.claim(part.relay, part.claim);
    await keeping.seal.finish();
  } else all.set(of, keeping);
  const [oldest] = all.keys();
  if (all.size > MAX_KEEPING && oldest !== undefined) all.delete(oldest);
  const { devices, samples } = keeping.seal.sealed;
  const { undecodable } = keeping;
  return { devices: devices - before.devices, samples: samples - before.samples, undecodable, matched: matches.count };
}

function begin({ site, hour }: KeepPart, { store, giveWay }: CallContext): Keeping {
  const { lastRows } = sealingOf(store);
  const keeping: Keeping = {
    seal: new SealHour(site, hour, { store, lastRows, giveWay: () => keeping.giveWay() }),
    giveWay,
    undecodable: 0,
  };
  return keeping;
}

function* openAll(part: KeepPart, keeping: Keeping, matches: { count: number }): Generator<ToldHour> {
  const series = knownSeries(part.series);
  // In the relay's own order: on a day that is empty here its numbers become ours, and chunks are kept as they came.
  const inOrder = [...series].sort(([a], [b]) => a - b);
  const numbers = new Map<number, number>();
  const numberAll = (dictionary: HourDictionary, writer: DayWriter) => {
    if (numbers.size > 0) return;
    for (const [number, stored] of inOrder) numbers.set(number, dictionary.numberOf(stored, writer));
  };
  const weights = new Map<number, number>();
  for (const [number, stored] of series) weights.set(number, weightOf(stored));
  let at = 0;
  for (const [i, length] of part.lengths.entries()) {
    const chunk = part.bytes.subarray(at, at + length);
    at += length;
    const device = part.devices[i];
    const opened = device && openChunk(device, part.hour, chunk);
    if (opened === undefined) {
      keeping.undecodable += 1;
      continue;
    }
    const expected = part.tallies[i];
    const isAll =
      expected &&
      isSameTally(
        expected,
        tallyOf(opened.data, (number) => weights.get(number)),
      );
    if (isAll === false) continue;
    if (isAll === true) matches.count += 1;
    yield new SealedHour(part.relay, { ...opened, numbers, numberAll });
  }
}

interface Opened {
  device: DeviceId;
  chunk: Uint8Array;
  data: DeviceHour;
  layout: ChunkLayout;
}

/** Undefined for bytes that no relay of ours seals; the rest of the answer may be good. */
function openChunk(device: DeviceId, hour: number, chunk: Uint8Array): Opened | undefined {
  try {
    return { device, chunk, ...decodeLaidOut(device, hour, chunk) };
  } catch (error) {
    if (error instanceof AppError && error.code === 'frame-malformed') return undefined;
    throw error;
  }
}

/** What the relay says of units and kinds is not asked: the catalogue knows them. */
function knownSeries(series: readonly RelaySeries[]): Map<number, StoredSeries> {
  const known = new Map<number, StoredSeries>();
  for (const { number, metric, instance } of series) {
    const stored = namedSeries(metric, instance);
    if (stored === undefined || Buffer.byteLength(instance) > MAX_INSTANCE_BYTES) continue;
    known.set(number, stored);
  }
  return known;
}

interface SealedParts extends Opened {
  numbers: ReadonlyMap<number, number>;
  numberAll: (dictionary: HourDictionary, writer: DayWriter) => void;
}

class SealedHour implements ToldHour {
  readonly relay: RelayId;
  readonly device: DeviceId;
  readonly #parts: SealedParts;
  #chunk: Uint8Array | undefined;

  constructor(relay: RelayId, parts: SealedParts) {
    this.relay = relay;
    this.device = parts.device;
    this.#parts = parts;
  }

  get values(): number {
    return this.#parts.data.values.length;
  }

  hour(dictionary: HourDictionary, writer: DayWriter): DeviceHour {
    const { data, numbers, numberAll, chunk, layout } = this.#parts;
    numberAll(dictionary, writer);
    const { hour, form } = mapSeries(data, (number) => numbers.get(number));
    if (form === 'same') this.#chunk = chunk;
    if (form === 'ascending') this.#chunk = renumberChunk(this.device, chunk, layout, hour.series);
    return hour;
  }

  chunk(): Uint8Array | undefined {
    return this.#chunk;
  }
}

export interface CoverageAsk {
  relay: RelayId;
  /** `from` <= hour < `to`. */
  from: number;
  to: number;
}

/** One line for each hour that something is kept of. A day whose file cannot be read has none. */
export async function coverageOf({ relay, from, to }: CoverageAsk, { store, giveWay }: CallContext) {
  const hours: Array<{ hour: number } & Claim> = [];
  for (let day = Math.floor(from / DAY_HOURS); day * DAY_HOURS < to; day += 1) {
    for (const { hour, devices, samples, ...one } of store.read(day)?.coverage() ?? [])
      if (one.relay === relay && hour >= from && hour < to) hours.push({ hour, devices, samples });
    await giveWay();
  }
  return hours;
}
