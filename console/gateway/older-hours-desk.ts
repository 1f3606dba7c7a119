// Asks the relays of a site for hours of a device that no file here holds: for a chart, so within seconds and megabytes.
import type { RelayChunks } from '#console/metrics/metric-engine.ts';
import type { OlderAnswer, OlderAsk, OlderHours } from '#console/metrics/older-hours.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { type ChunkCursor, MAX_CHUNKS_BYTES, MAX_HISTORY_HOURS } from '#shared/protocol/history.ts';
import type { HistoryDesk } from './history-desk.ts';

/** Whoever looks at a chart waits no longer. */
const WITHIN_MS = 3_000;
/** A month of a device with 40 series is 1.4 MB. */
const MAX_BYTES = 2 * 1024 * 1024;

export interface OlderHoursDeps {
  clock: Clock;
  desk: Pick<HistoryDesk, 'ask' | 'canAsk'>;
  /** Linked relays of the site. */
  relaysOf: (site: SiteId) => RelayId[];
}

export class OlderHoursDesk implements OlderHours {
  readonly #deps: OlderHoursDeps;

  constructor(deps: OlderHoursDeps) {
    this.#deps = deps;
  }

  async fetch(ask: OlderAsk, signal?: AbortSignal): Promise<OlderAnswer> {
    const { clock, desk, relaysOf } = this.#deps;
    const relays = relaysOf(ask.site).filter((relay) => desk.canAsk(relay));
    const until = clock.monotonic() + WITHIN_MS;
    const span = { ...ask, from: Math.max(ask.from, ask.to - MAX_HISTORY_HOURS) };
    const answers = await Promise.all(relays.map((relay) => this.#of(relay, span, until, signal)));
    signal?.throwIfAborted();
    const isWhole = relays.length > 0 && answers.every((answer) => answer.isWhole);
    return { chunks: answers.flatMap(({ chunks }) => chunks), away: !isWhole };
  }

  /** What came in time; not whole where the relay did not answer to the end. */
  async #of(relay: RelayId, ask: OlderAsk, until: number, signal: AbortSignal | undefined) {
    const { clock, desk } = this.#deps;
    const { device, site, from, to } = ask;
    const chunks: RelayChunks[] = [];
    let after: ChunkCursor | undefined;
    let bytes = 0;
    try {
      do {
        const timeoutMs = until - clock.monotonic();
        if (timeoutMs <= 0 || bytes >= MAX_BYTES) return { chunks, isWhole: false };
        const question = { kind: 'chunks', from, to, device, maxBytes: MAX_CHUNKS_BYTES } as const;
        const cursor = after === undefined ? {} : { after };
        const answer = await desk.ask(relay, { ...question, ...cursor }, { timeoutMs, signal });
        const own = answer.chunks.filter((one) => one.device === device && one.hour >= from && one.hour < to);
        if (own.length > 0) chunks.push({ relay, site, series: answer.series, chunks: own });
        bytes += own.reduce((sum, { data }) => sum + data.length, 0);
        after = answer.next;
      } while (after !== undefined);
      return { chunks, isWhole: true };
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return { chunks, isWhole: false };
    }
  }
}
