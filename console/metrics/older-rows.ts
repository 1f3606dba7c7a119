// What only a relay still has of a device, read through its site: opened, bounded, and asked for once in a while.
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import { decodeChunk } from '#shared/codec/chunk-decoder.ts';
import type { StoredSeries } from '#shared/day-files/day-store.ts';
import { namedSeries } from '#shared/day-files/stored-series.ts';
import type { NamedHour, RelayChunks } from './metric-engine.ts';
import type { OlderHours } from './older-hours.ts';

/** A page asks again every few minutes: a relay that had nothing is not asked each time. */
const QUIET_MS = 600_000;
/** Devices whose relays had nothing; at the bound the knowledge begins anew. */
const MAX_QUIET = 5_000;

export interface OlderRows {
  rows: NamedHour[];
  away: boolean;
}

export class OlderReader {
  readonly #older: OlderHours;
  readonly #clock: Clock;
  readonly #quiet = new Map<string, number>();

  constructor(deps: { older: OlderHours; clock: Clock }) {
    this.#older = deps.older;
    this.#clock = deps.clock;
  }

  /** `missing`: hours, ascending. */
  async read(
    place: { device: DeviceId; site: SiteId },
    missing: readonly number[],
    signal?: AbortSignal,
  ): Promise<OlderRows> {
    const [first] = missing;
    const last = missing.at(-1);
    if (first === undefined || last === undefined) return { rows: [], away: false };
    const key = `${place.device} ${first} ${last}`;
    if ((this.#quiet.get(key) ?? 0) > this.#clock.monotonic()) return { rows: [], away: false };
    const { chunks, away } = await this.#older.fetch({ ...place, from: first, to: last + 1 }, signal);
    const wanted = new Set(missing);
    const rows = chunks.flatMap((some) => opened(some, place.device)).filter(({ hour }) => wanted.has(hour));
    if (rows.length === 0 && !away) {
      if (this.#quiet.size >= MAX_QUIET) this.#quiet.clear();
      this.#quiet.set(key, this.#clock.monotonic() + QUIET_MS);
    }
    return { rows: rows.sort((a, b) => a.hour - b.hour), away };
  }
}

/** What does not decode is as if it had not come. */
function opened({ series, chunks }: RelayChunks, device: DeviceId): NamedHour[] {
  const names = new Map(series.map((one) => [one.number, one]));
  return chunks.flatMap((chunk) => {
    if (chunk.device !== device) return [];
    try {
      const data = decodeChunk(device, chunk.hour, chunk.data);
      const own = Array.from(data.series, (number) => storedOf(names.get(number)));
      return [{ hour: chunk.hour, series: own, data: { ...data, series: data.series.map((_number, at) => at) } }];
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'frame-malformed') throw error;
      return [];
    }
  });
}

/** Of a metric that this program does not know there is nothing to show. */
function storedOf(one: { metric: string; instance: string } | undefined): StoredSeries {
  const instance = one?.instance ?? '';
  const known = one === undefined ? undefined : namedSeries(one.metric, instance);
  return known ?? { name: one?.metric ?? 'unknown', instance, unit: '', kind: 'gauge', resolution: 1 };
}
