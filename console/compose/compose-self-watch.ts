// Joins who watches the watcher: how relays, charters, disk, ingest and the outbox are at this moment, and the word that the console lives.
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { can } from '#console/access/can.ts';
import type { Alerts } from '#console/alerts/alerts.ts';
import type { SignedChecks } from '#console/alerts/check-book.ts';
import { tellAlive } from '#console/alerts/dead-man.ts';
import { LastingLag } from '#console/alerts/lasting-lag.ts';
import { oldestWaiting } from '#console/alerts/outbox-repository.ts';
import type { OwnReports } from '#console/alerts/own-reports.ts';
import type { SelfPicture, WatchedRelay } from '#console/alerts/self-conditions.ts';
import { SelfWatch } from '#console/alerts/self-watch.ts';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import { guardedFetch } from '#console/outgoing/guarded-fetch.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import { mayRoam } from '#console/query/roaming.ts';
import type { Relays } from '#console/sites/relays.ts';
import type { Store } from '#console/store/database.ts';
import { charterEnds } from '#console/trust/charter-repository.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import { expiryOf } from '#shared/crypto/peer-certificate.ts';
import type { Stream } from './compose-stream.ts';
import type { Trust } from './compose-trust.ts';
import type { ConsoleDeps } from './console-deps.ts';

/** Batches a link may have in flight at most; more wait for it. */
const IN_FLIGHT = 64;
/** Charters end after months, and a check that was signed just now fails minutes later: this is fresh. */
const READ_MS = 30_000;
/** A look is due every 5 s; without one for so long the console does not do its work. */
const WELL_MS = 60_000;

export interface SelfWatchParts {
  config: Pick<ConsoleConfig, 'alerts' | 'deadMan' | 'outgoing' | 'tls'>;
  store: Store;
  alerts: Alerts;
  ownReports: OwnReports;
  checkBook: Pick<SignedChecks, 'refresh'>;
  relays: Relays;
  fleet: FleetIndex;
  stream: Pick<Stream, 'registry' | 'health' | 'pulse' | 'sealTrouble'>;
  room: () => SelfPicture['room'];
  trust: Pick<Trust, 'server'>;
}

/** Looks from now on, until the console stops. */
export function composeSelfWatch(deps: ConsoleDeps, parts: SelfWatchParts): void {
  const { clock, stack } = deps;
  const { config, store, alerts } = parts;
  const log = deps.log.room('alerts');
  const look = selfLook(deps, parts);
  let lookedAt = clock.monotonic();
  const watch = new SelfWatch({
    ...{ store, clock, alerts, reports: parts.ownReports, log },
    look: async () => {
      const picture = await look();
      lookedAt = clock.monotonic();
      return picture;
    },
  });
  const stopping = new AbortController();
  const running = [watch.run(stopping.signal)];
  if (config.deadMan !== undefined) {
    const fetch = guardedFetch({ rules: { allow: new Set(config.outgoing.allow) } });
    const isWell = () => clock.monotonic() - lookedAt < WELL_MS;
    running.push(tellAlive({ ...config.deadMan, clock, fetch, isWell, log }, stopping.signal));
  }
  stack.add('self-watch', async () => {
    stopping.abort();
    await Promise.all(running);
  });
}

/** How everything is at this moment. */
function selfLook({ clock }: ConsoleDeps, parts: SelfWatchParts): () => Promise<SelfPicture> {
  const { config, store, relays, fleet, stream, room, trust, checkBook } = parts;
  const startedAt = clock.now();
  const certificateExpiresAt = browserCertificateEnd(config.tls, trust);
  const boot = can({ kind: 'system', part: 'self-watch' }, 'relay.read');
  if (!boot.allowed) throw new AppError('internal', 'the console may read its own relays');
  const backlogs = new Backlogs(stream.registry);
  const lag = new LastingLag();
  let charters: { at: number; ends: SelfPicture['charters'] } | undefined;

  return async () => {
    const now = clock.now();
    if (charters === undefined || now - charters.at >= READ_MS) {
      charters = { at: now, ends: await charterEnds(store.db) };
      await checkBook.refresh();
    }
    const all = (await relays.list(boot.scope)).filter(({ revokedAt }) => revokedAt === null);
    return {
      ...{ now, startedAt, rules: config.alerts, certificateExpiresAt, room: room() },
      ingestLagMs: lag.read(stream.pulse.read().lagMs, now),
      charters: charters.ends,
      sealTrouble: stream.sealTrouble(),
      waitingSince: await oldestWaiting(store.db),
      relays: all.map((relay): WatchedRelay => {
        const isConnected = stream.registry.get(relay.id) !== undefined;
        return {
          ...{ id: relay.id, name: relay.name, site: relay.siteId, siteName: relay.siteName, isConnected },
          ...{ lastSeenAt: relay.lastSeenAt, clockSkewMs: relay.clockSkewMs },
          // A leaf is a machine that watches itself: laptops come and go.
          mayBeAway: relay.kind === 'leaf' && !isConnected && mayRoam(fleet.rows, relay.id),
          certificateExpiresAt: relay.certificateExpiresAt,
          health: stream.health.get(relay.id)?.health,
          backlogSince: backlogs.since(relay.id, now),
        };
      }),
    };
  };
}

/** Since when relays keep more than a link has in flight. */
class Backlogs {
  readonly #registry: Stream['registry'];
  readonly #since = new Map<RelayId, number>();

  constructor(registry: Stream['registry']) {
    this.#registry = registry;
  }

  since(relay: RelayId, now: number): number | null {
    const lanes = this.#registry.get(relay)?.stats.lanes ?? [];
    const kept = lanes.reduce((sum, { next, received }) => sum + Math.max(0, next - 1 - received), 0);
    if (kept <= IN_FLIGHT) this.#since.delete(relay);
    else if (!this.#since.has(relay)) this.#since.set(relay, now);
    return this.#since.get(relay) ?? null;
  }
}

function browserCertificateEnd({ certificateFile }: ConsoleConfig['tls'], { server }: Pick<Trust, 'server'>): number {
  const pem = certificateFile === undefined ? server.certificate : readFileSync(certificateFile, 'utf8');
  return expiryOf(new X509Certificate(pem));
}
