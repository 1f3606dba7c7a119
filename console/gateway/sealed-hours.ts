// Takes an hour as its relay has sealed it, chunk for chunk against what the relay's own frames said: what differs is sealed here as ever.
import type { HourTally } from '#console/metrics/hour-tally.ts';
import type { Kept } from '#console/metrics/keep-call.ts';
import type { Claim, HourChunks } from '#console/metrics/keep-part.ts';
import type { Sealed } from '#console/metrics/metric-engine.ts';
import type { SealPlace } from '#console/metrics/sealer.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { HistoryDesk } from './history-desk.ts';
import { type HourAnswer, hourChunks } from './hour-chunks.ts';

/** A few bytes, behind one answer at most that is on the line. */
const COVERAGE_MS = 15_000;
/** For all of the hour: a site of 500 devices is a megabyte, five seconds of 2 Mb/s. On a slower line the frames, which are here, are sealed. */
const HOUR_MS = 60_000;
/** A relay that did not answer in time is left alone for so long: its hours are sealed here without waiting for it. */
const SILENT_MS = 900_000;
/** Relays that did not answer; at the bound they are asked again. */
const MAX_SILENT = 1_000;

export interface SealedHoursDeps {
  clock: Clock;
  log: Logger;
  desk: Pick<HistoryDesk, 'ask' | 'canAsk'>;
  /** Resolves once what is kept is on disk. */
  keep: (part: HourChunks) => Promise<Kept>;
  /** Something of the relay's hour is in a file here already. */
  isBegun: (relay: RelayId, hour: number) => Promise<boolean>;
  /** A relay is believed only about devices of its own site. */
  isOfSite: (device: DeviceId, site: SiteId) => boolean;
}

/** What became of the hours that were due while their relay was linked. */
export interface SealedHoursStats {
  taken: number;
  /** The relay has another count of samples, or another content, than its frames. */
  differing: number;
  failed: number;
}

export class SealedHours {
  readonly #deps: SealedHoursDeps;
  readonly #silentUntil = new Map<RelayId, number>();
  readonly #stats: SealedHoursStats = { taken: 0, differing: 0, failed: 0 };

  constructor(deps: SealedHoursDeps) {
    this.#deps = deps;
  }

  stats(): SealedHoursStats {
    return { ...this.#stats };
  }

  /**
   * On disk when it resolves: every value that the relay's frames told of devices of its site. Undefined where that is not so; what
   * was kept by then is right, and is merged with what is sealed here. Rejects only when the signal aborts.
   */
  async take(place: SealPlace, tally: HourTally, signal: AbortSignal): Promise<Sealed | undefined> {
    const { clock, desk, log } = this.#deps;
    const { relay, hour } = place;
    const isSilent = (this.#silentUntil.get(relay) ?? Number.NEGATIVE_INFINITY) > clock.monotonic();
    if (!desk.canAsk(relay) || isSilent || tally.devices.size === 0) return undefined;
    const ended = new AbortController();
    const late = clock.sleep(HOUR_MS, AbortSignal.any([ended.signal, signal])).then(
      () => ended.abort(),
      () => undefined, // over in time
    );
    try {
      const sealed = await this.#take(place, tally, AbortSignal.any([ended.signal, signal]));
      if (sealed === undefined) this.#stats.differing += 1;
      else this.#stats.taken += 1;
      return sealed;
    } catch (error) {
      signal.throwIfAborted();
      this.#stats.failed += 1;
      if (this.#silentUntil.size >= MAX_SILENT) this.#silentUntil.clear();
      this.#silentUntil.set(relay, clock.monotonic() + SILENT_MS);
      log.info({ relay, hour, ...describeError(error) }, 'a relay did not give its sealed hour; its frames are sealed');
      return undefined;
    } finally {
      ended.abort();
      await late;
    }
  }

  async #take(place: SealPlace, tally: HourTally, signal: AbortSignal): Promise<Sealed | undefined> {
    const { desk, isBegun, isOfSite, log } = this.#deps;
    const { relay, hour, site } = place;
    const told = { devices: tally.devices.size, samples: tally.values };
    // Late frames of an hour that is sealed: they are few, and the whole hour is not asked for.
    if ((await isBegun(relay, hour)) || !(await this.#has(relay, hour, told, signal))) return undefined;
    const waiting = new Map([...tally.devices].filter(([device]) => isOfSite(device, site)));
    const foreign = tally.values - [...waiting.values()].reduce((sum, { values }) => sum + values, 0);
    const sum = { devices: 0, samples: 0, undecodable: 0, matched: 0 };
    const expected = waiting.size;
    for await (const answer of hourChunks(desk, { relay, hour }, signal))
      await this.#keep(place, answer, { waiting, sum });
    if (sum.matched < expected) {
      log.info({ relay, hour, devices: expected, matched: sum.matched }, 'a sealed hour differs from its frames');
      return undefined;
    }
    const { devices, samples } = sum;
    return { devices, samples, undecodable: 0, ...(foreign > 0 ? { foreign } : {}) };
  }

  /** True when the relay has sealed as much as its frames said: it may be at it, or its cache was lost. */
  async #has(relay: RelayId, hour: number, told: Claim, signal: AbortSignal): Promise<boolean> {
    const span = { from: hour, to: hour + 1 };
    const bounds = { timeoutMs: COVERAGE_MS, signal };
    const { hours } = await this.#deps.desk.ask(relay, { kind: 'coverage', ...span }, bounds);
    const [known] = hours.filter((one) => one.hour === hour);
    return known?.samples === told.samples && known.devices === told.devices;
  }

  async #keep(
    { relay, hour, site }: SealPlace,
    { series, chunks, isFirst, isLast }: HourAnswer,
    { waiting, sum }: Progress,
  ): Promise<void> {
    const expected = chunks.flatMap(({ device, data }) => {
      const tally = waiting.get(device);
      // Each once: a device that is told again is another part of it, or is told to be counted twice.
      waiting.delete(device);
      return tally === undefined ? [] : [{ device, data, tally }];
    });
    // Nothing is claimed beyond what is kept: where something differs the frames bring it.
    const claim = isLast ? { devices: 0, samples: 0 } : undefined;
    const part = { relay, site, hour, series, chunks: expected, isFirst, claim };
    const kept = await this.#deps.keep(part);
    sum.devices += kept.devices;
    sum.samples += kept.samples;
    sum.matched += kept.matched;
  }
}

interface Progress {
  waiting: Map<DeviceId, NonNullable<HourChunks['chunks'][number]['tally']>>;
  sum: { devices: number; samples: number; matched: number };
}
