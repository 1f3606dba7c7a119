// Joins what relays keep of the past: who asks them, what fills the hours that are missing here, and what charts read through.
import { HistoryDesk } from '#console/gateway/history-desk.ts';
import { HistoryRefill } from '#console/gateway/history-refill.ts';
import type { LinkRegistry } from '#console/gateway/link-registry.ts';
import { OlderHoursDesk } from '#console/gateway/older-hours-desk.ts';
import { SealedHours } from '#console/gateway/sealed-hours.ts';
import type { Ingest } from '#console/ingest/ingest.ts';
import type { ChunkStore } from '#console/metrics/chunk-store.ts';
import { type HourChunks, packKeep } from '#console/metrics/keep-part.ts';
import type { MetricsWorker } from '#console/metrics/metrics-worker.ts';
import type { OpenChains } from '#console/metrics/open-chains.ts';
import type { SealerDeps } from '#console/metrics/sealer.ts';
import { hourOf } from '#shared/base/clock.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { StreamRooms } from './compose-stream.ts';
import type { ConsoleDeps } from './console-deps.ts';

interface Parts {
  registry: LinkRegistry;
  worker: MetricsWorker;
  chunks: ChunkStore;
  chains: Pick<OpenChains, 'takeTally'>;
  ingest: Pick<Ingest, 'stats'>;
}

/** Hours whose frames wait to be sealed: two days of a backlog. Of what lies before, more would be fetched than is missing, no less. */
const MAX_OPEN_HOURS = 48;

export function composeHistory(
  { clock, log }: ConsoleDeps,
  { store, fleet, rawDays }: Pick<StreamRooms, 'store' | 'fleet' | 'rawDays'>,
  { registry, worker, chunks, chains, ingest }: Parts,
) {
  const desk = new HistoryDesk({ clock, registry });
  const coverage = (relay: RelayId, from: number, to: number) => worker.call('coverage', { relay, from, to });
  const keep = async (hour: HourChunks) => {
    const { part, moves } = packKeep(hour);
    return await worker.call('keep', part, { moves });
  };
  const isOfSite = (device: DeviceId, site: SiteId) => {
    const row = fleet.rows.rowOf(device);
    return row !== undefined && fleet.rows.siteOf(row)?.id === site;
  };
  const refill = new HistoryRefill({
    ...{ clock, desk, rawDays },
    isBusy: () => ingest.stats().waiting > 0,
    log: log.room('history'),
    backlogOf: (relay) => backlogOf(registry, relay),
    openHours: async (relay) =>
      new Set(await chunks.newestHours(store.db, relay, hourOf(clock.now()) + 1, MAX_OPEN_HOURS)),
    coverage: async (relay, from, to) =>
      new Map((await coverage(relay, from, to)).map(({ hour, ...claim }) => [hour, claim])),
    keep: async (hour) => (await keep(hour)).samples,
    isOfSite,
  });
  const sealed = new SealedHours({
    ...{ clock, desk, keep, isOfSite },
    log: log.room('history'),
    isBegun: async (relay, hour) => (await coverage(relay, hour, hour + 1)).length > 0,
  });
  const fromRelay: NonNullable<SealerDeps['fromRelay']> = async (place, tails, signal) => {
    const tally = chains.takeTally(tails);
    return tally && (await sealed.take(place, tally, signal));
  };
  const relaysOf = (site: SiteId) => registry.relays().filter((relay) => registry.get(relay)?.peer.site === site);
  const forget = (relay: RelayId) => {
    desk.forget(relay);
    refill.forget(relay);
  };
  return { desk, refill, sealed, fromRelay, forget, older: new OlderHoursDesk({ clock, desk, relaysOf }) };
}

/** Batches of samples that the relay has and this console has not; undefined while it is not linked. */
function backlogOf(registry: LinkRegistry, relay: RelayId): number | undefined {
  const lanes = registry.get(relay)?.stats.lanes.filter(({ lane }) => lane >= 2);
  return lanes?.reduce((sum, { next, received }) => sum + Math.max(0, next - 1 - received), 0);
}
