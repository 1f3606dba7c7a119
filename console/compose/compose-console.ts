// The console's table of contents: what stands, from the database to the ports.
import path from 'node:path';
import { People } from '#console/access/people.ts';
import { PeopleDesk } from '#console/access/people-desk.ts';
import { RightsChanged } from '#console/access/rights-changed.ts';
import { Actions } from '#console/actions/actions.ts';
import { HttpMeter } from '#console/api/http-meter.ts';
import type { ApiServices, LinkDoor } from '#console/api/services.ts';
import { StreamDoor } from '#console/api/stream-door.ts';
import { Audit } from '#console/audit/audit.ts';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import { DeviceLog } from '#console/devices/device-log.ts';
import { RelayRecords } from '#console/devices/relay-records.ts';
import type { Imports } from '#console/devices/transfer/imports.ts';
import { Inventory } from '#console/inventory/inventory.ts';
import { ChangeFeed } from '#console/live/change-feed.ts';
import type { LastValues } from '#console/metrics/last-values.ts';
import type { Notify } from '#console/notify/notify.ts';
import { shipDefaultGroups } from '#console/query/default-groups.ts';
import { FleetIndex } from '#console/query/fleet-index.ts';
import { EnrolmentTokens } from '#console/sites/enrolment-tokens.ts';
import { Relays } from '#console/sites/relays.ts';
import type { Store } from '#console/store/database.ts';
import { Credentials } from '#console/trust/credential-service.ts';
import { Variables } from '#console/trust/variable-service.ts';
import type { Clock } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import { type DeviceId, type RelayId, systemRandom } from '#shared/base/id.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { composeAlerts } from './compose-alerts.ts';
import { openAuditKey } from './compose-audit.ts';
import { composeChecks } from './compose-checks.ts';
import { composeEstate } from './compose-estate.ts';
import { composeHealth } from './compose-health.ts';
import { composeMaintenance, composeRoom } from './compose-maintenance.ts';
import { composeNotify } from './compose-notify.ts';
import { composePolicies, type PolicyRooms, tellMoved } from './compose-policies.ts';
import { composePorts, type ServedByPorts } from './compose-ports.ts';
import { composeScripts } from './compose-scripts.ts';
import { composeSelfWatch } from './compose-self-watch.ts';
import { composeSignIn } from './compose-sign-in.ts';
import { openConsoleStore } from './compose-store.ts';
import { composeStream, type Stream } from './compose-stream.ts';
import { openTrust, prepareProfile, type Trust } from './compose-trust.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { latestOf, publishMembership, publishMoves, publishStates, publishTold, tellGlances } from './live-changes.ts';
import { manifestOpener } from './open-manifest.ts';

/** Where it can be reached, once it can be. */
export interface ConsoleReady {
  url: string;
  httpsPort: number;
  relayPort: number;
}

export async function composeConsole(config: ConsoleConfig, deps: ConsoleDeps): Promise<ConsoleReady> {
  const parts = await composeParts(config, deps);
  const ports = await composePorts(config, deps, parts);
  parts.startNotify(ports.httpsPort);
  await parts.loaded;
  await prepareProfile(path.resolve(config.data), parts.services.people, ports.url);
  return { ...ports, relayPort: parts.relayPort };
}

/** Everything but the browsers' ports: the store, the rooms, and the links to the relays. */
export async function composeParts(config: ConsoleConfig, deps: ConsoleDeps) {
  const { clock, log, stack } = deps;
  const data = path.resolve(config.data);
  const store = await openConsoleStore(config, data, log);
  stack.add('store', () => store.close());
  const auditKey = await openAuditKey(data);
  const trust = await openTrust(data, config.names, { clock, store, ...config.trust.firstCharter });
  await trust.charterMissing();

  // The rooms tell the links to their right through this; the links stand two lines later.
  const outlet: Outlet = { stream: undefined, notify: undefined };
  const rooms = composeRooms(store, deps, { outlet, charterFirst: trust.charterFirst, config });
  const { notify, start: startNotify } = composeNotify(deps, {
    ...{ config, data, store, audit: rooms.audit, outbox: rooms.outbox, acts: rooms.incidents.acts },
    ownReports: rooms.ownReports,
    fleet: rooms.fleet,
  });
  outlet.notify = notify;
  stack.add('imports', () => rooms.imports.stop());
  await store.transaction((tx) => shipDefaultGroups(tx, clock.now(), systemRandom));
  await undoLeft(rooms.imports, log);
  const metricsFolder = path.join(data, 'metrics');
  const room = composeRoom(deps, { config, data, store, audit: rooms.audit });
  const http = new HttpMeter();
  const isAsked = () => http.isWaitedFor(clock.monotonic() / 1_000);
  const kept = {
    isAsked,
    isFull: () => room.watch.isFull,
    rawDays: () => config.metrics.retention.rawDays,
    metricsFolder,
  };
  const { syslog } = config.audit;
  const stream = composeStream(deps, { ...rooms, trust, auditKey, syslog, ...kept, mirrored: config });
  outlet.stream = stream;
  composeSelfWatch(deps, { ...rooms, config, stream, trust, room: () => room.watch.level });
  const loaded = loadFleet(rooms.fleet, stream.lastValues);
  const relayPort = await stream.server.listen(config.listen.host, config.listen.relayPort);
  const signIn = composeSignIn({
    config,
    data,
    store,
    audit: rooms.audit,
    clock,
    random: systemRandom,
    people: rooms.people,
  });
  const maintenance = await composeMaintenance(
    deps,
    { config, data, store, audit: rooms.audit },
    { room, worker: stream.worker },
  );
  const services = servicesOf({ rooms, notify, stream, trust, signIn, maintenance, http, clock, log: log.room('api') });
  const { registry, audited } = stream;
  return { services, trust, audit: rooms.audit, relayPort, loaded, registry, audited, startNotify };
}

/** An import that cannot be undone is no reason not to watch. */
async function undoLeft(imports: Imports, log: Logger): Promise<void> {
  const undone = await imports.recover((importId, error) =>
    log.error(
      { import: importId, ...describeError(error) },
      'an import could not be undone; the next start tries again',
    ),
  );
  if (undone.length > 0) log.warn({ imports: undone }, 'imports that were not finished are undone');
}

/**
 * Ten seconds for 25,000 devices, in small steps: relays link and browsers are told to wait meanwhile.
 * What polls said before a device was read is told to its row afterwards.
 */
function loadFleet(fleet: FleetIndex, lastValues: LastValues): Promise<void> {
  const loaded = fleet.load().then(() => {
    for (const relay of lastValues.relays()) tellGlances(fleet, lastValues, relay);
  });
  // Whoever waits for it hears of a failure; until somebody does, it is nobody's.
  loaded.catch(() => undefined);
  return loaded;
}

/** What stands later than the rooms that tell it. */
interface Outlet {
  stream: Stream | undefined;
  notify: Notify | undefined;
}

interface Later {
  outlet: Outlet;
  charterFirst: Trust['charterFirst'];
  /** The times by which alerts live, and where scripts come from. */
  config: Pick<ConsoleConfig, 'alerts' | 'scripts' | 'outgoing'>;
}

type RoomDeps = ConstructorParameters<typeof People>[0];

/** Who they are and what they may do; rights speak of places that the fleet has in memory. */
function composePeople(deps: RoomDeps, fleet: FleetIndex) {
  const rightsChanged = new RightsChanged();
  const people = new People(deps);
  const peopleDesk = new PeopleDesk({
    ...deps,
    changed: rightsChanged,
    onEnded: (person) => people.revocations.tell({ kind: 'person', person }),
    places: () => fleet.places,
  });
  return { people, rightsChanged, peopleDesk };
}

function composeRooms(store: Store, { clock, log }: ConsoleDeps, { outlet, charterFirst, config }: Later) {
  const random = systemRandom;
  const audit = new Audit({ clock });
  const deps = { store, audit, clock, random };
  const offers = () => outlet.stream?.offers;
  const onRosterChanged = (relay: RelayId) => {
    outlet.stream?.registry.get(relay)?.offerRoster();
    offers()?.moved([relay]);
  };
  const fleet: FleetIndex = new FleetIndex({
    store,
    clock,
    onMembership: (changes) => {
      publishMembership(feed, changes);
      tellMoved(fleet, offers(), changes);
    },
    onFailure: (error) => log.room('query').error(describeError(error), 'a change of the fleet could not be read'),
  });
  const feed: ChangeFeed = new ChangeFeed({
    // The moment it began tells this run from every other.
    run: clock.now().toString(36),
    latest: latestOf(fleet, () => outlet.stream?.lastValues),
  });
  const actions = new Actions({
    ...deps,
    open: manifestOpener(store),
    outlets: {
      onQueued: (relay) => outlet.stream?.dispatcher.wake(relay),
      onCancel: (relay) => outlet.stream?.dispatcher.wake(relay),
      onMoved: (site, moved) => publishMoves(feed, site, moved),
      onSigned: ({ id, siteId }, state) =>
        feed.publish({ kind: 'action', site: siteId, action: id, at: clock.now(), state }),
      onSettled: ({ id, siteId }) =>
        feed.publish({ kind: 'action', site: siteId, action: id, at: clock.now(), state: 'settled' }),
    },
  });
  const watching = composePolicies({ ...deps, log, feed, fleet, offers });
  return {
    store,
    audit,
    feed,
    fleet,
    actions,
    ...composePeople(deps, fleet),
    ...composeAlerts(
      { clock, log },
      {
        ...{ store, audit, random, feed, rules: config.alerts },
        onNews: () => outlet.notify?.wake(),
      },
    ),
    relays: new Relays({ ...deps, onRevoked: (relay) => outlet.stream?.registry.revoke(relay) }),
    tokens: new EnrolmentTokens(deps),
    credentials: new Credentials(deps),
    variables: new Variables(deps),
    ...composeScripts({ ...deps, actions }, config),
    ...composeEstate({
      ...deps,
      actions,
      feed,
      fleet,
      outlets: {
        onRosterChanged,
        onRelayGone: (relay) => outlet.stream?.registry.revoke(relay),
        lastValues: () => outlet.stream?.lastValues,
        charterFirst,
      },
    }),
    ...composeTold(deps, { fleet, feed, onRosterChanged, policies: watching.policies }),
    ...watching,
    health: composeHealth({ store, clock, log, fleet, words: watching.siteWords }),
  };
}

interface ToldParts {
  fleet: FleetIndex;
  feed: ChangeFeed;
  onRosterChanged: (relay: RelayId) => void;
  policies: PolicyRooms;
}

/** What relays tell of devices beside readings: states, entries of logs, facts. */
function composeTold({ store, audit, clock }: RoomDeps, { fleet, feed, onRosterChanged, policies }: ToldParts) {
  const onDevicesChanged = (ids: readonly DeviceId[]) => fleet.onDevicesChanged(ids);
  return {
    records: new RelayRecords({
      audit,
      clock,
      onRosterChanged,
      onDevicesChanged,
      onStates: (site, states) => {
        fleet.onStates(states);
        publishStates(feed, site, states);
      },
    }),
    deviceLog: new DeviceLog({ store, outlets: { onTold: (what, of) => publishTold(feed, what, of) } }),
    inventory: new Inventory({
      store,
      onFacts: (facts) => {
        fleet.onFacts(facts);
        policies.parents.onFacts(facts);
      },
    }),
  };
}

interface ServiceParts {
  rooms: ReturnType<typeof composeRooms>;
  notify: Notify;
  stream: Stream;
  trust: Trust;
  signIn: ReturnType<typeof composeSignIn>;
  maintenance: ApiServices['maintenance'];
  http: HttpMeter;
  clock: Clock;
  log: Logger;
}

function servicesOf({
  rooms,
  notify,
  stream,
  trust,
  signIn,
  maintenance,
  http,
  clock,
  log,
}: ServiceParts): ServedByPorts {
  const { records: _records, watches: _watches, ...served } = rooms;
  const door = { store: rooms.store, audit: rooms.audit, actions: rooms.actions, fleet: rooms.fleet, clock, log };
  return {
    streams: new StreamDoor({
      rooms: { ...door, rightsChanged: rooms.rightsChanged },
      desk: stream.streams,
      random: systemRandom,
    }),
    ...served,
    notify,
    signIn,
    maintenance,
    clock,
    log,
    lastValues: stream.lastValues,
    metrics: stream.metrics,
    fleetMetrics: stream.fleetMetrics,
    ...composeChecks({ store: rooms.store, worker: stream.worker, watches: rooms.watches }),
    links: linkDoor(stream),
    trail: stream.audited.trail,
    trust: {
      owner: trust.owner,
      authority: trust.fingerprint,
      hasUnexportedOwner: trust.hasUnexportedOwner,
      hasUnwrittenPaper: trust.hasUnwrittenPaper,
      charterFirst: trust.charterFirst,
    },
    mirrors: () => stream.mirrors.stats(),
    http,
    startedAt: clock.now(),
    ingestPulse: () => stream.pulse.read(),
    counters: () => ({
      ...stream.ingest.stats(),
      ...stream.history.refill.stats(),
      links: stream.registry.size,
      passwordHashes: signIn.hasher.computed,
      ...sealCounters(stream),
    }),
  };
}

/** How the hours are sealed, and how often the worker that does it died. */
function sealCounters({ sealer, worker }: Stream): Record<string, number> {
  const { hours, samples, undecodable, failures } = sealer.stats();
  const sealed = { sealedHours: hours, sealedSamples: samples, undecodable, sealFailures: failures };
  return { ...sealed, workerDeaths: worker.deaths };
}

function linkDoor({ registry, live, probes, health }: Stream): LinkDoor {
  return {
    lanes: (relay) => registry.get(relay)?.stats.lanes.map((lane) => ({ ...lane })),
    revoke: (relay) => registry.revoke(relay),
    isFenced: (relay) => registry.isFenced(relay),
    release: (relay) => registry.release(relay),
    watch: (relay, device) => void live.watch(relay, device),
    probe: (relay, question, signal) => probes.ask(relay, question, signal),
    health: (relay) => health.get(relay),
    offerCharter: async (site) => {
      for (const relay of registry.relays()) {
        const link = registry.get(relay);
        if (link?.peer.site === site) await link.sendCharter(0);
      }
    },
    offerCredential: (relay, sealed) => registry.get(relay)?.sendCredential(sealed) ?? false,
    offerVariable: (site, sealed) => {
      const links = registry.relays().map((relay) => registry.get(relay));
      return links.filter((link) => link?.peer.site === site && link.sendVariable(sealed)).length;
    },
    offerStanding: async (relay) => (await registry.get(relay)?.sendStanding()) ?? false,
    offerBrakes: async (site) => {
      const links = registry.relays().map((relay) => registry.get(relay));
      const told = await Promise.all(links.map((link) => (link?.peer.site === site ? link.sendBrakes() : false)));
      return told.filter(Boolean).length;
    },
  };
}
