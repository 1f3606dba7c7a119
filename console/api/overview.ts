// The estate at a glance, made once for all who look within the same second.
import { type Scope, scopeKey, seesEverything } from '#console/access/scope.ts';
import { noDevices, overviewOf } from '#console/query/fleet-overview.ts';
import { readRecent } from '#console/query/recent.ts';
import type { Relay } from '#console/sites/relays.ts';
import { HOUR_MS } from '#shared/base/clock.ts';
import type { Overview, SiteStrip } from '#shared/contract/system-contract.ts';
import type { ApiServices } from './services.ts';

/** A page reads it again when something changed; a hundred pages do so together. */
const FRESH_MS = 1_000;

/** Each part of it by its own right. */
interface Scopes {
  scope: Scope;
  devices: Scope;
  sites: Scope;
  relays: Scope;
  actions: Scope;
}

export class Overviews {
  readonly #services: ApiServices;
  readonly #made = new Map<string, { at: number; overview: Promise<Overview> }>();

  constructor(services: ApiServices) {
    this.#services = services;
  }

  read(scopes: Scopes): Promise<Overview> {
    const now = this.#services.clock.monotonic();
    const key = Object.values(scopes).map(scopeKey).join(' ');
    const known = this.#made.get(key);
    if (known !== undefined && now - known.at < FRESH_MS) return known.overview;
    const overview = readOverview(this.#services, scopes);
    for (const [old, { at }] of this.#made) if (now - at >= FRESH_MS) this.#made.delete(old);
    this.#made.set(key, { at: now, overview });
    // A reading that failed is not kept: whoever asked hears of it, the next one tries again.
    overview.catch(() => this.#made.delete(key));
    return overview;
  }
}

async function readOverview(services: ApiServices, scopes: Scopes): Promise<Overview> {
  const { clock, fleet, relays, devices, feed, people } = services;
  const now = clock.now();
  await fleet.settled();
  const { scope } = scopes;
  const numbers = overviewOf(fleet.rows, scopes.devices);
  const backlogs = new Map(
    (await relays.list(scopes.relays)).map((relay) => [relay, backlogOf(services, relay)] as const),
  );
  const { lost, quarantined } = await devices.losses(scope);
  const deps = {
    db: services.store.db,
    rows: fleet.rows,
    actorNames: (actors: Iterable<string>) => people.actorNames(actors),
  };
  const recent = await readRecent(deps, scopes, now - HOUR_MS);
  return {
    now,
    devices: numbers.devices,
    simulated: numbers.simulated,
    sites: await strips(services, scopes.sites, numbers.sites, backlogs),
    worst: numbers.worst,
    ...recent,
    ingest: {
      // Sums over everybody's devices.
      ...(seesEverything(scope) ? services.ingestPulse() : { samplesPerSecond: 0, batchesPerSecond: 0, lagMs: null }),
      backlog: [...backlogs.values()].reduce((sum, backlog) => sum + backlog, 0),
      lost,
      quarantined,
      viewers: seesEverything(scope) ? feed.stats().viewers : 0,
    },
  };
}

/** Batches the relay holds that are not stored here; nothing is known of one that is away. */
function backlogOf({ links }: ApiServices, relay: Relay): number {
  const lanes = links.lanes(relay.id) ?? [];
  return lanes.reduce((sum, { next, received }) => sum + (next === null ? 0 : Math.max(0, next - 1 - received)), 0);
}

async function strips(
  { sites, links }: ApiServices,
  scope: Scope,
  counts: ReturnType<typeof overviewOf>['sites'],
  backlogs: ReadonlyMap<Relay, number>,
): Promise<SiteStrip[]> {
  const all = await sites.list(scope);
  const none = { devices: noDevices(), newestPollAt: null, stalestPollAt: null };
  return all.map(({ id, name, customerId, customerName, isSimulated, frozenAt }) => ({
    id,
    name,
    customerId,
    customerName,
    isSimulated,
    frozenAt,
    ...(counts.get(id) ?? none),
    relays: [...backlogs]
      .filter(([relay]) => relay.siteId === id && relay.revokedAt === null)
      .map(([relay, backlog]) => ({
        id: relay.id,
        name: relay.name,
        isConnected: links.lanes(relay.id) !== undefined,
        lastSeenAt: relay.lastSeenAt,
        backlog,
      })),
  }));
}
