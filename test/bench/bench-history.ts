// What a relay of a bench has sealed of its own site, by the code of a real relay, and its answers to the console's questions.
import { RelayHistory } from '#relay/history/relay-history.ts';
import { tellChunks, tellCoverage } from '#relay/history/tell-history.ts';
import { type Clock, HOUR_MS, systemClock } from '#shared/base/clock.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import { FileDayStore } from '#shared/day-files/file-day-store.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import type { ChunksMessage, HistoryMessage } from '#shared/protocol/history.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { type MixData, ROWS } from './mix-data.ts';

/** An hour after all data: every hour is over. Rests between pieces of sealing are none, for no poll waits. */
const REST_MS = 1_000;

export type Answer = (question: HistoryMessage) => ChunksMessage | undefined;

/** A relay that keeps nothing says so. */
export const noHistory: Answer = (question) =>
  question.kind === 'got'
    ? undefined
    : { kind: 'refusal', ask: question.ask, code: 'unavailable', message: 'this relay keeps no history' };

export class BenchHistory {
  readonly #store: FileDayStore;
  readonly #history: RelayHistory;

  private constructor(store: FileDayStore, history: RelayHistory) {
    this.#store = store;
    this.#history = history;
  }

  /** Resolves when all hours are sealed, which is before anything is measured. */
  static async seal(folder: string, data: MixData, place: { site: SiteId; relay: RelayId }): Promise<BenchHistory> {
    const store = new FileDayStore({ folder, onDamage: () => undefined });
    const clock: Clock = {
      now: () => systemClock.now() + 2 * HOUR_MS,
      monotonic: () => systemClock.monotonic(),
      sleep: (ms, signal) => systemClock.sleep(ms < REST_MS ? 0 : ms, signal),
    };
    const cache = cacheOf(data);
    const history = new RelayHistory({
      ...{ clock, store, cache, place },
      log: silentLogger,
      bounds: { days: 30, bytes: Number.POSITIVE_INFINITY },
      onTrouble: (code, detail) => {
        throw new Error(`${code}: ${detail}`);
      },
    });
    history.start();
    while (history.stats().sealedHours < data.sweeps / ROWS) await systemClock.sleep(5);
    return new BenchHistory(store, history);
  }

  readonly answer: Answer = (question) => {
    if (question.kind === 'got') return undefined;
    return question.kind === 'coverage'
      ? tellCoverage(this.#store, question)
      : tellChunks(this.#store, question, () => undefined);
  };

  /** Closes its files. */
  async stop(): Promise<void> {
    await this.#history.stop();
  }
}

/** The polls of the data as a relay's cache has them. */
function cacheOf(data: MixData) {
  const series = data.columns.map((column) => column.series);
  const places = new Map(data.devices.map((device, place) => [device, place]));
  return {
    hours: () => Array.from({ length: data.sweeps / ROWS }, (_, n) => data.hour + n),
    devicesIn: () => [...data.devices],
    range: (device: DeviceId, from: number): PollRecord[] => {
      const first = (from / HOUR_MS - data.hour) * ROWS;
      return Array.from({ length: ROWS }, (_, row) => data.poll(first + row, places.get(device) ?? 0, series));
    },
  };
}
