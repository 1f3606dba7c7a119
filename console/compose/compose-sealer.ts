// Joins the metrics worker to the way up: what is due is sealed by it, and relays hear what is durable then.
import type { SelfPicture } from '#console/alerts/self-conditions.ts';
import type { RelayLink } from '#console/gateway/relay-link.ts';
import { moveDurable } from '#console/ingest/watermark-repository.ts';
import type { ChunkStore } from '#console/metrics/chunk-store.ts';
import { MetricsWorker } from '#console/metrics/metrics-worker.ts';
import { packPart } from '#console/metrics/seal-part.ts';
import { Sealer, type SealerDeps } from '#console/metrics/sealer.ts';
import { siteDevices } from '#console/metrics/site-devices.ts';
import { HOUR_MS } from '#shared/base/clock.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';
import type { StreamRooms } from './compose-stream.ts';
import type { ConsoleDeps } from './console-deps.ts';

/** What the sealer asks of relays that are connected. */
export interface SealerLinks {
  link: (relay: RelayId) => RelayLink | undefined;
  health: (relay: RelayId) => RelayHealth | undefined;
  fromRelay: NonNullable<SealerDeps['fromRelay']>;
}

interface Parts extends SealerLinks {
  chunks: ChunkStore;
  isBusy: () => boolean;
  /** Before the journal is let go of. */
  onSealed: (place: { site: SiteId; hour: number }) => Promise<void>;
}

/** A poll is in the spool five seconds after it was made, and told of ten seconds later. */
const WRITTEN_MS = 60_000;

export function composeSealer(
  { clock, log, stack }: ConsoleDeps,
  { store, metricsFolder }: Pick<StreamRooms, 'store' | 'metricsFolder'>,
  { chunks, isBusy, link, health, fromRelay, onSealed }: Parts,
): { worker: MetricsWorker; sealer: Sealer; sealTrouble: () => SelfPicture['sealTrouble'] } {
  const worker = new MetricsWorker({ folder: metricsFolder, clock, random: Math.random, log: log.room('metrics') });
  stack.add('metrics worker', () => worker.stop());
  let trouble: SelfPicture['sealTrouble'] = null;
  const sealer = new Sealer({
    ...{ store, chunks, clock, isBusy, fromRelay, onSealed },
    log: log.room('metrics'),
    seal: async (place, chains) => {
      const { part, moves } = packPart(place, chains);
      return await worker.call('seal', part, { moves });
    },
    onTrouble: (told) => {
      trouble = told === undefined ? null : { since: clock.now(), message: told.message };
    },
    devicesOf: (site) => siteDevices(store.db, site),
    moveDurable,
    isDrained: ({ relay, epoch, lane }, hour) => {
      const told = health(relay);
      if (told === undefined || link(relay)?.hello?.epoch !== epoch) return false;
      const isLater = told.at >= (hour + 1) * HOUR_MS + WRITTEN_MS;
      return isLater && told.lanes.some((one) => one.lane === lane && one.kept === 0);
    },
    onDurable: ({ relay, epoch }, mark) => link(relay)?.tellDurable(epoch, mark),
  });
  return { worker, sealer, sealTrouble: () => trouble };
}
