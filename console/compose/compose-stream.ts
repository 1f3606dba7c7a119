// Joins the way up: relay port, links, ingest, metrics, and the change feed to browsers.
import { setMaxListeners } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Actions } from '#console/actions/actions.ts';
import type { AlertClock } from '#console/alerts/alert-clock.ts';
import type { Alerts } from '#console/alerts/alerts.ts';
import type { SyslogTarget } from '#console/audit/syslog-connection.ts';
import type { ConsoleConfig } from '#console/config/console-config.ts';
import type { DeviceLog } from '#console/devices/device-log.ts';
import type { Devices } from '#console/devices/devices.ts';
import type { RelayRecords } from '#console/devices/relay-records.ts';
import { ConsoleDesk } from '#console/gateway/console-desk.ts';
import { Dispatcher } from '#console/gateway/dispatcher.ts';
import type { Peer } from '#console/gateway/link-desk.ts';
import { LinkRegistry } from '#console/gateway/link-registry.ts';
import { LiveRequests } from '#console/gateway/live-requests.ts';
import { PaceKeeper } from '#console/gateway/pace.ts';
import { ProbeDesk } from '#console/gateway/probe-desk.ts';
import { RelayHealthBoard } from '#console/gateway/relay-health-board.ts';
import { RelayServer } from '#console/gateway/relay-server.ts';
import { StreamDesk } from '#console/gateway/stream-desk.ts';
import { WatchOffers } from '#console/gateway/watch-offers.ts';
import { Ingest } from '#console/ingest/ingest.ts';
import { IngestPulse } from '#console/ingest/ingest-pulse.ts';
import type { Inventory } from '#console/inventory/inventory.ts';
import type { ChangeFeed } from '#console/live/change-feed.ts';
import { FrameRepository } from '#console/metrics/frame-repository.ts';
import { LastValues } from '#console/metrics/last-values.ts';
import type { Mirrors } from '#console/metrics/mirror/mirrors.ts';
import type { OlderHours } from '#console/metrics/older-hours.ts';
import { OpenChains } from '#console/metrics/open-chains.ts';
import { sealedReads } from '#console/metrics/sealed-reads.ts';
import type { RelayWatches } from '#console/policies/relay-watch.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import type { HealthBoard } from '#console/query/health/health-board.ts';
import type { Relays } from '#console/sites/relays.ts';
import type { Store } from '#console/store/database.ts';
import type { Credentials } from '#console/trust/credential-service.ts';
import type { Variables } from '#console/trust/variable-service.ts';
import { hourOf } from '#shared/base/clock.ts';
import { describeError } from '#shared/base/errors.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import { composeWitnesses } from './compose-audit.ts';
import { composeHistory } from './compose-history.ts';
import { composeMetricReads } from './compose-metrics.ts';
import { composeMirrors } from './compose-mirrors.ts';
import type { PolicyRooms } from './compose-policies.ts';
import { composeSealer, type SealerLinks } from './compose-sealer.ts';
import type { Trust } from './compose-trust.ts';
import type { ConsoleDeps } from './console-deps.ts';
import { keepNews } from './keep-news.ts';
import { publishArrived, publishHealth } from './live-changes.ts';
import { restoreAll } from './restore-values.ts';

export interface StreamRooms {
  store: Store;
  trust: Trust;
  relays: Relays;
  credentials: Credentials;
  variables: Variables;
  devices: Devices;
  records: RelayRecords;
  inventory: Inventory;
  deviceLog: DeviceLog;
  actions: Actions;
  alerts: Alerts;
  alertClock: AlertClock;
  feed: ChangeFeed;
  fleet: FleetIndex;
  health: Pick<HealthBoard, 'run'>;
  watches: RelayWatches;
  policies: PolicyRooms;
  auditKey: SigningKey;
  /** The disk has no room for metrics. */
  isFull: () => boolean;
  /** A page waits for its answer. */
  isAsked: () => boolean;
  /** Where the audit trail goes besides. */
  syslog: SyslogTarget | undefined;
  /** Of the day files, which the metrics worker alone opens. */
  metricsFolder: string;
  /** Where sealed metrics are told besides. */
  mirrored: Pick<ConsoleConfig, 'mirrors' | 'outgoing'>;
  /** Days for which raw values are kept. */
  rawDays: () => number;
}

export type Stream = ReturnType<typeof composeStream>;

export function composeStream(deps: ConsoleDeps, rooms: StreamRooms) {
  const { clock, log, stack } = deps;
  const { store, trust, relays, credentials, variables, devices, records, actions, feed, fleet } = rooms;
  const asked = { store, relays, credentials, variables, devices, records };
  const stopping = stopper();

  const links = lateLinks(() => ({ registry, health, history }));
  const stored = composeIngest(deps, rooms, links);
  const { ingest } = stored;
  const pace = new PaceKeeper({
    clock,
    loopDelayMs: measureLoopDelay(deps),
    commitMs: () => ingest.takeSlowestCommitMs(),
    onChange: (next) => registry.setPace(next),
  });
  const desk = new ConsoleDesk({
    ...{ ...asked, clock, ingest, log: log.room('gateway'), authority: trust.authority },
    pace: () => pace.pace,
    watch: (peer) => rooms.watches.of(peer),
    onProbed: (relay, answer) => probes.answered(relay, answer),
    onHealth: (peer, told) => health.take(peer, told),
    onWitness: (peer, said) => audited.witnesses.take(peer, said),
    onChunks: (relay, answer) => history.desk.answered(relay, answer),
    onStream: (relay, body) => streams.take(relay, body),
  });
  const health = new RelayHealthBoard({ clock, onHealth: (peer, told) => publishHealth(feed, clock, peer, told) });
  const registry: LinkRegistry = new LinkRegistry({
    clock,
    onIncident: (peer, incident) => desk.onIncident(peer, incident),
    onChange: ({ relay, site }, isConnected) => {
      feed.publish({ kind: 'relay', site, relay, at: clock.now(), isConnected, backlog: 0 });
      if (!isConnected) for (const one of [dispatcher, probes, history, audited.witnesses, streams]) one.forget(relay);
    },
  });
  const streams: StreamDesk = new StreamDesk({ registry });
  const offers = new WatchOffers({ registry, clock, log: log.room('gateway') });
  const audited = composeWitnesses(deps, { ...rooms, registry, desk });
  const probes: ProbeDesk = new ProbeDesk({ clock, registry });
  const history: ReturnType<typeof composeHistory> = composeHistory(deps, rooms, { ...stored, registry });
  const dispatcher: Dispatcher = new Dispatcher({ queue: actions, registry, clock, log: log.room('dispatch') });
  const server = relayServer(deps, { desk, registry, trust }, ({ relay, site }) => {
    dispatcher.wake(relay);
    audited.witnesses.welcome(relay);
    history.refill.welcome(relay, site);
  });
  stack.add('relay port', () => server.stop());

  runLoops(deps, stopping, {
    loops: [
      pace.run(stopping.signal),
      feed.run(clock, stopping.signal),
      fleet.run(stopping.signal),
      dispatcher.run(stopping.signal),
      audited.run(stopping.signal),
      history.refill.run(stopping.signal),
      keepNews({ clock, desk, registry, log: log.room('gateway') }, stopping.signal),
      rooms.alertClock.run(stopping.signal),
      rooms.health.run(stopping.signal),
      stored.sealer.run(stopping.signal),
      stored.mirrors.run(stopping.signal),
      watching(offers, rooms.policies, stopping.signal),
      restoreAll({ ...stored, ...asked, ...sealedReads(stored.worker), fleet, clock, log }, stopping.signal),
    ],
    atEnd: () => desk.flushNews(registry.relays()),
  });
  const seen = { live: new LiveRequests({ clock, registry }), probes, health, audited, history, offers, streams };
  return { ...stored, registry, dispatcher, desk, server, ...seen };
}

/** Each loop of the way up waits on its signal: more than the ten that Node.js takes for a leak, and a fixed number. */
const MAX_LOOPS = 40;

function stopper(): AbortController {
  const stopping = new AbortController();
  setMaxListeners(MAX_LOOPS, stopping.signal);
  return stopping;
}

/** Tells relays how to watch, and learns what devices hang on. */
async function watching(offers: WatchOffers, { parents }: PolicyRooms, signal: AbortSignal): Promise<void> {
  await Promise.all([offers.run(signal), parents.run(signal)]);
}

function runLoops(
  { log, stack }: ConsoleDeps,
  stopping: AbortController,
  { loops, atEnd }: { loops: ReadonlyArray<Promise<void>>; atEnd: () => Promise<void> },
): void {
  const ended = Promise.all(
    loops.map((loop) =>
      loop.catch((error: unknown) => log.error(describeError(error), 'a loop of the console ended before its time')),
    ),
  );
  stack.add('loops', async () => {
    stopping.abort();
    await ended;
    await atEnd();
  });
}

interface ServerParts extends Pick<StreamRooms, 'trust'> {
  desk: ConsoleDesk;
  registry: LinkRegistry;
}

function relayServer({ clock, log }: ConsoleDeps, parts: ServerParts, onOpen: (peer: Peer) => void): RelayServer {
  const { desk, registry, trust } = parts;
  return new RelayServer({
    ...{ clock, desk, registry, random: Math.random, log: log.room('gateway') },
    server: trust.server,
    authorityPem: trust.authority.certificatePem,
    onOpen: ({ peer }) => onOpen(peer),
  });
}

/** 99th percentile of the event loop's delay since the last call, in milliseconds. */
function measureLoopDelay({ stack }: Pick<ConsoleDeps, 'stack'>): () => number {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  stack.add('loop delay', () => void delay.disable());
  return () => {
    const p99 = delay.percentile(99) / 1e6;
    delay.reset();
    return p99;
  };
}

interface StreamLinks extends SealerLinks {
  older: OlderHours;
}

interface Linked {
  registry: LinkRegistry;
  health: RelayHealthBoard;
  history: { older: OlderHours } & Pick<SealerLinks, 'fromRelay'>;
}

/** What stores is made before the links stand, and asks them later. */
const lateLinks = (linked: () => Linked): StreamLinks => ({
  link: (relay) => linked().registry.get(relay),
  health: (relay) => linked().health.get(relay)?.health,
  fromRelay: (...place) => linked().history.fromRelay(...place),
  older: { fetch: (ask, signal) => linked().history.older.fetch(ask, signal) },
});

/** Everything of the way up that stores: ingest with its chains, and what reads them back. */
function composeIngest(deps: ConsoleDeps, rooms: StreamRooms, links: StreamLinks) {
  const { clock, log, stack } = deps;
  const { store, feed, fleet } = rooms;
  const chunks = new FrameRepository();
  const isBusy = () => ingest.stats().waiting > 0;
  const onSealed: Mirrors['sealed'] = (place) => mirrors.sealed(place);
  const { worker, sealer, sealTrouble } = composeSealer(deps, rooms, { ...links, chunks, isBusy, onSealed });
  const mirrors = composeMirrors(rooms.mirrored, deps, { store, fleet, worker });
  const chains = new OpenChains({ chunks });
  const pulse = new IngestPulse({ clock });
  const lastValues = new LastValues({ clock });
  const reads = composeMetricReads({ store, clock, chunks, worker, older: links.older, scripts: lastValues.scripts });
  const ingest: Ingest = new Ingest({
    store,
    clock,
    chunks,
    chains,
    hooks: recordHooks(rooms),
    onArrived: (arrived) => {
      pulse.take(arrived);
      for (const hour of new Set(arrived.polls.map(({ at }) => hourOf(at)))) sealer.arrived(arrived.link.relay, hour);
      publishArrived({ feed, fleet, lastValues }, arrived);
    },
    isFull: rooms.isFull,
    isAsked: rooms.isAsked,
    onFailure: (error) => log.error(describeError(error), 'a batch could not be stored'),
  });
  stack.add('ingest', () => ingest.stop());
  return { ingest, pulse, chunks, chains, lastValues, ...reads, worker, sealer, sealTrouble, mirrors };
}

type Hooks = ConstructorParameters<typeof Ingest>[0]['hooks'];

function recordHooks({ records, inventory, deviceLog, actions, alerts }: StreamRooms): Hooks {
  return {
    onFirings: (tx, link, some) => actions.applyFirings(tx, link, some),
    onOutcomes: (tx, link, some) => actions.applyOutcomes(tx, link, some),
    onAudits: async (tx, link, some) => {
      await actions.applyRefusals(tx, link, some);
      await records.applyAudits(tx, link, some);
    },
    onStates: (tx, link, some) => records.applyStates(tx, link, some),
    onIdentities: (tx, link, some) => records.applyIdentities(tx, link, some),
    onRelayEvents: (tx, link, some) => records.applyRelayEvents(tx, link, some),
    onFacts: async (tx, link, some) => {
      await inventory.applyFacts(tx, link, some);
      await records.applyHostnames(tx, link, some);
    },
    onEvents: (tx, link, some) => deviceLog.applyEvents(tx, link, some),
    onWays: (tx, link, some) => deviceLog.applyWays(tx, link, some),
    onFindings: (tx, link, some) => alerts.applyFindings(tx, link, some),
    onIncidents: (tx, link, some) => records.applyIncidents(tx, link, some),
  };
}
