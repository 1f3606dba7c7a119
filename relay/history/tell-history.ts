// Reads what a question about the past asks for: which hours are kept, or the chunks of a span, in answers that fit a frame.

import { AppError } from '#shared/base/errors.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { ChunkEncoder } from '#shared/codec/chunk-encoder.ts';
import type { DeviceHour } from '#shared/codec/device-hour.ts';
import type { DayReader, DayStore } from '#shared/day-files/day-store.ts';
import { toldSeries } from '#shared/day-files/stored-series.ts';
import {
  type ChunkCursor,
  type ChunksMessage,
  type HistoryMessage,
  MAX_CHUNK_SERIES,
  MAX_CHUNKS,
  MAX_CHUNKS_BYTES,
  MAX_HISTORY_HOURS,
} from '#shared/protocol/history.ts';

type CoverageAsk = Extract<HistoryMessage, { kind: 'coverage' }>;
type ChunksAsk = Extract<HistoryMessage, { kind: 'chunks' }>;
type Coverage = Extract<ChunksMessage, { kind: 'coverage' }>;
type Chunks = Extract<ChunksMessage, { kind: 'chunks' }>;

/** Looks into devices of days, each some 10 µs: a device that has nothing there ends no answer, but many of them do. */
const MAX_LOOKS = 1_000;
/** Names of series of one answer, in bytes of UTF-8 at their worst: with the chunks they stay below a frame. */
const MAX_SERIES_BYTES = 400 * 1024;

const dayOf = (hour: number): number => Math.floor(hour / 24);

export function tellCoverage(store: Pick<DayStore, 'read'>, { ask, from, to }: CoverageAsk): Coverage {
  const hours: Coverage['hours'] = [];
  const last = Math.min(to, from + MAX_HISTORY_HOURS);
  for (let day = dayOf(from); day * 24 < last; day += 1)
    for (const { hour, devices, samples } of store.read(day)?.coverage() ?? [])
      if (hour >= from && hour < last) hours.push({ hour, devices, samples });
  return { kind: 'coverage', ask, hours };
}

/** Days in order, in a day the devices by their ids, of a device its hours. A chunk that the disk changed is passed over. */
export function tellChunks(
  store: Pick<DayStore, 'read'>,
  ask: ChunksAsk,
  onDamaged: (error: AppError) => void,
): Chunks {
  const answer = new Answer(ask);
  const { after } = ask;
  const last = Math.min(ask.to, ask.from + MAX_HISTORY_HOURS);
  const firstDay = dayOf(after === undefined ? ask.from : Math.max(ask.from, after.hour));
  for (let day = firstDay; day * 24 < last; day += 1) {
    const reader = store.read(day);
    if (reader === undefined) continue;
    for (const device of devicesOf(reader, ask)) {
      if (isBefore(after, { day, device })) continue;
      if (!answer.look({ hour: day * 24, device })) return answer.done();
      for (const hour of reader.rawHours(device)) {
        if (hour < ask.from || hour >= last) continue;
        const isPart = after !== undefined && dayOf(after.hour) === day && after.device === device;
        if (isPart && hour < after.hour) continue;
        const since = isPart && hour === after.hour ? after.at : undefined;
        if (!answer.add(reader, { device, hour, since }, onDamaged)) return answer.done();
      }
    }
  }
  return answer.end();
}

function devicesOf(reader: DayReader, { device }: ChunksAsk): DeviceId[] {
  // A device that was moved stands there with each of its sites.
  const all = [...new Set(reader.devices().map((place) => place.device))];
  return device === undefined ? all.sort() : all.filter((one) => one === device);
}

const isBefore = (after: ChunkCursor | undefined, at: { day: number; device: DeviceId }): boolean =>
  after !== undefined && dayOf(after.hour) === at.day && at.device < after.device;

/** One answer as it fills. */
class Answer {
  readonly #ask: ChunksAsk;
  readonly #chunks: Chunks['chunks'] = [];
  readonly #series: Chunks['series'] = [];
  readonly #known = new Set<number>();
  /** The day whose numbers these are: one answer has one dictionary. */
  #day: number | undefined;
  #bytes = 0;
  #seriesBytes = 0;
  #looks = 0;
  #next: ChunkCursor | undefined;

  constructor(ask: ChunksAsk) {
    this.#ask = ask;
    this.#next = ask.after;
  }

  /** False when this answer has looked long enough. */
  look({ hour, device }: { hour: number; device: DeviceId }): boolean {
    this.#looks += 1;
    if (this.#looks > MAX_LOOKS) return false;
    // Before its first row of that day, unless it is the one that goes on.
    if (this.#next === undefined || dayOf(this.#next.hour) !== dayOf(hour) || this.#next.device !== device)
      this.#next = { hour, device, at: 0 };
    return true;
  }

  /** False when it is full: what follows goes into the next. */
  add(
    reader: DayReader,
    { device, hour, since }: { device: DeviceId; hour: number; since: number | undefined },
    onDamaged: (error: AppError) => void,
  ): boolean {
    if (this.#day !== undefined && this.#day !== reader.day) return false;
    const found = readHour(reader, device, hour, onDamaged);
    if (found === undefined) return true;
    const parts = partsOf(device, found, since);
    for (const part of parts) {
      if (!this.#fits(reader, part)) return false;
      this.#take(reader, device, hour, part);
    }
    return true;
  }

  /** The span is told to its end. */
  end(): Chunks {
    return { kind: 'chunks', ask: this.#ask.ask, series: this.#series, chunks: this.#chunks };
  }

  done(): Chunks {
    return this.#next === undefined ? this.end() : { ...this.end(), next: this.#next };
  }

  #fits(reader: DayReader, { data, series }: Part): boolean {
    if (this.#chunks.length === 0) return true;
    if (this.#chunks.length >= MAX_CHUNKS || this.#bytes + data.length > this.#ask.maxBytes) return false;
    const fresh = [...series].filter((number) => !this.#known.has(number));
    const bytes = fresh.reduce((sum, number) => sum + sizeOf(reader, number), this.#seriesBytes);
    return this.#known.size + fresh.length <= MAX_CHUNK_SERIES && bytes <= MAX_SERIES_BYTES;
  }

  #take(reader: DayReader, device: DeviceId, hour: number, { data, series, lastAt }: Part): void {
    this.#day = reader.day;
    for (const number of series) {
      const known = reader.seriesOf(number);
      if (this.#known.has(number) || known === undefined) continue;
      this.#known.add(number);
      this.#seriesBytes += sizeOf(reader, number);
      this.#series.push({ number, ...toldSeries(known) });
    }
    this.#chunks.push({ device, hour, data });
    this.#bytes += data.length;
    this.#next = { hour, device, at: lastAt };
  }
}

/** A name, an instance, a number and their heads. */
const sizeOf = (reader: DayReader, number: number): number => {
  const { name, instance } = reader.seriesOf(number) ?? { name: '', instance: '' };
  return 40 + name.length + Buffer.byteLength(instance);
};

interface Found {
  data: DeviceHour;
  chunk: Uint8Array;
}

function readHour(
  reader: DayReader,
  device: DeviceId,
  hour: number,
  onDamaged: (error: AppError) => void,
): Found | undefined {
  try {
    const data = reader.raw(device, hour);
    const chunk = reader.chunk(device, hour);
    return data === undefined || chunk === undefined ? undefined : { data, chunk };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    onDamaged(error);
    return undefined;
  }
}

interface Part {
  data: Uint8Array;
  series: Uint32Array;
  lastAt: number;
}

/** The chunk as it is kept, or its rows after `since`, in as many chunks as frames can carry. */
function partsOf(device: DeviceId, { data, chunk }: Found, since: number | undefined): Part[] {
  const lastAt = data.times.at(-1) ?? 0;
  if (since !== undefined && since >= lastAt) return [];
  const isWhole = since === undefined || since < (data.times[0] ?? 0);
  if (isWhole && chunk.length <= MAX_CHUNKS_BYTES) return [{ data: chunk, series: data.series, lastAt }];
  const first = data.times.findIndex((at) => at > (since ?? 0));
  return split(device, rowsOf(data, first, data.times.length));
}

function split(device: DeviceId, hour: DeviceHour): Part[] {
  const data = new ChunkEncoder().encode(device, hour);
  const rows = hour.times.length;
  // A single row of the most series as doubles takes 20 KiB.
  if (data.length <= MAX_CHUNKS_BYTES || rows === 1)
    return [{ data, series: hour.series, lastAt: hour.times.at(-1) ?? 0 }];
  const middle = rows >> 1;
  return [...split(device, rowsOf(hour, 0, middle)), ...split(device, rowsOf(hour, middle, rows))];
}

function rowsOf({ times, series, values }: DeviceHour, from: number, to: number): DeviceHour {
  const rows = to - from;
  const kept = new Float64Array(rows * series.length);
  for (let column = 0; column < series.length; column += 1)
    kept.set(values.subarray(column * times.length + from, column * times.length + to), column * rows);
  return { times: times.slice(from, to), series, values: kept };
}
