// The rooms an operation may use; compose hands them over once.
import type { Doors } from '#console/access/doors.ts';
import type { Factors } from '#console/access/factors.ts';
import type { OidcClient } from '#console/access/oidc.ts';
import type { OidcDoor } from '#console/access/oidc-door.ts';
import type { PasskeyChallenges } from '#console/access/passkey-proof.ts';
import type { People } from '#console/access/people.ts';
import type { PeopleDesk } from '#console/access/people-desk.ts';
import type { RightsChanged } from '#console/access/rights-changed.ts';
import type { Actions } from '#console/actions/actions.ts';
import type { BackTest } from '#console/alerts/back-test/back-test.ts';
import type { IncidentActs } from '#console/alerts/incident-acts.ts';
import type { IncidentBoard } from '#console/alerts/incident-board.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { Trail } from '#console/audit/trail-verdict.ts';
import type { DeviceLog } from '#console/devices/device-log.ts';
import type { Devices } from '#console/devices/devices.ts';
import type { Groups } from '#console/devices/groups.ts';
import type { Tags } from '#console/devices/tags.ts';
import type { Imports } from '#console/devices/transfer/imports.ts';
import type { Views } from '#console/devices/views.ts';
import type { Pulse } from '#console/ingest/ingest-pulse.ts';
import type { Inventory } from '#console/inventory/inventory.ts';
import type { ChangeFeed } from '#console/live/change-feed.ts';
import type { FleetMetrics } from '#console/metrics/fleet-metrics.ts';
import type { LastValues } from '#console/metrics/last-values.ts';
import type { MetricQuery } from '#console/metrics/metric-query.ts';
import type { MirrorStats } from '#console/metrics/mirror/mirror.ts';
import type { Notify } from '#console/notify/notify.ts';
import type { WindowAsk } from '#console/policies/open-windows.ts';
import type { Parents } from '#console/policies/parents.ts';
import type { Policies } from '#console/policies/policies.ts';
import type { WatchDocuments } from '#console/policies/watch-documents.ts';
import type { WatchViews } from '#console/policies/watch-views.ts';
import type { FleetIndex } from '#console/query/fleet-index.ts';
import type { HealthBoard } from '#console/query/health/health-board.ts';
import type { Jobs } from '#console/schedule/jobs.ts';
import type { Retentions } from '#console/schedule/retentions.ts';
import type { ScriptLibrary } from '#console/scripts/script-library.ts';
import type { ScriptSync } from '#console/scripts/script-sync.ts';
import type { Customers } from '#console/sites/customers.ts';
import type { EnrolmentTokens } from '#console/sites/enrolment-tokens.ts';
import type { Relays } from '#console/sites/relays.ts';
import type { Removals } from '#console/sites/removals.ts';
import type { Sites } from '#console/sites/sites.ts';
import type { Store } from '#console/store/database.ts';
import type { Credentials } from '#console/trust/credential-service.ts';
import type { Variables } from '#console/trust/variable-service.ts';
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { Storage } from '#shared/contract/maintenance-contract.ts';
import type { RelaySummary } from '#shared/contract/relay-contract.ts';
import type { PublicKey } from '#shared/model/charter.ts';
import type { SealedCredential } from '#shared/model/credential.ts';
import type { ProbeResult } from '#shared/model/probe.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';
import type { SealedVariable } from '#shared/model/variable.ts';
import type { Logger } from '#shared/runtime/logger.ts';

import type { HttpMeter } from './http-meter.ts';
import type { StreamDoor } from './stream-door.ts';

/** How a relay was when it last told, and how long ago that is. */
export interface ToldHealth {
  health: RelayHealth;
  heardAt: number;
  ageMs: number;
}

/** What pages and commands ask of the links to the relays. */
export interface LinkDoor {
  /** Undefined while the relay is not connected. */
  lanes(relay: RelayId): RelaySummary['lanes'] | undefined;
  /** Cuts a live link at once. */
  revoke(relay: RelayId): void;
  /** Two machines live with its identity. */
  isFenced(relay: RelayId): boolean;
  /** False when it was not fenced. */
  release(relay: RelayId): boolean;
  /** Sends the newest charter to the connected relays of the site. */
  offerCharter(site: SiteId): Promise<void>;
  /** Sends freeze and thaw of the site to its connected relays; returns how many were told. */
  offerBrakes(site: SiteId): Promise<number>;
  /** Sends standing orders to a linked relay; false when it is not linked or too old to know them. */
  offerStanding(relay: RelayId): Promise<boolean>;
  /** False while the relay is not connected, or of a release that knows no sealed credentials: it is told when it asks. */
  offerCredential(relay: RelayId, sealed: SealedCredential): boolean;
  /** Sends it to the connected relays of the site; returns how many were sent it. */
  offerVariable(site: SiteId, sealed: SealedVariable): number;
  /** Somebody looks at the device: its relay polls it faster for a while. */
  watch(relay: RelayId, device: DeviceId, pace: { intervalMs: number; forMs: number }): void;
  /** What the relay finds at an address. Throws `unavailable`, `rate-limited`, `timed-out` or the relay's refusal. */
  probe(
    relay: RelayId,
    question: { address: string; port?: number | undefined },
    signal?: AbortSignal,
  ): Promise<ProbeResult>;
  /** Undefined while it has told nothing, or is of a release that tells nothing. */
  health(relay: RelayId): ToldHealth | undefined;
}

export interface ApiServices {
  audit: Audit;
  trail: Pick<Trail, 'verify' | 'checkpoints'>;
  clock: Clock;
  log: Logger;
  store: Store;
  people: People;
  signIn: {
    doors: Doors;
    factors: Factors;
    challenges: PasskeyChallenges;
    /** Absent where no identity provider is set up. */
    oidc: { client: OidcClient; door: OidcDoor } | undefined;
    /** What pages show of the identity provider; null when none is set up. */
    provider: { label: string; path: string } | null;
  };
  peopleDesk: PeopleDesk;
  /** Told when somebody's rights, sessions or tokens are others. */
  rightsChanged: RightsChanged;
  customers: Customers;
  sites: Sites;
  removals: Removals;
  relays: Relays;
  credentials: Credentials;
  variables: Variables;
  tokens: EnrolmentTokens;
  devices: Devices;
  /** Event logs of devices. */
  deviceLog: Pick<DeviceLog, 'page' | 'logs'>;
  imports: Imports;
  groups: Groups;
  tags: Tags;
  views: Views;
  /** Lists, search, counts and groups of the fleet, from memory. */
  fleet: FleetIndex;
  /** How well devices are. */
  health: Pick<HealthBoard, 'overview' | 'devices' | 'device' | 'deviceHistory' | 'history'>;
  inventory: Inventory;
  actions: Actions;
  /** Scripts that people share. */
  scripts: ScriptLibrary;
  scriptSync: ScriptSync;
  /** What is wrong, and what people do with it. */
  incidents: { board: IncidentBoard; acts: IncidentActs };
  /** What people say of watching. */
  policies: {
    parts: Policies;
    documents: WatchDocuments;
    views: WatchViews;
    parents: Parents;
    /** Those of the devices that are in an open maintenance window now. */
    inWindow: (devices: readonly WindowAsk[]) => Promise<DeviceId[]>;
  };
  /** Who is told of incidents, and what was told. */
  notify: Notify;
  lastValues: LastValues;
  metrics: MetricQuery;
  /** Sums and ranks over many devices. */
  fleetMetrics: FleetMetrics;
  /** Drafts of checks, tried on what is kept. */
  backTest: Pick<BackTest, 'run'>;
  links: LinkDoor;
  /** Sockets of sessions. */
  streams: Pick<StreamDoor, 'ticket'>;
  /** How the console keeps house. */
  maintenance: { jobs: Jobs; retentions: Retentions; storage: () => Promise<Storage> };
  feed: ChangeFeed;
  trust: {
    /** The owner's public key; its id is the fingerprint. */
    owner: PublicKey;
    hasUnexportedOwner: () => boolean;
    hasUnwrittenPaper: () => boolean;
    /** SHA-256 of the authority's certificate. */
    authority: string;
    /** Signs and stores charter 1 of a new site, while the owner key is at hand. */
    charterFirst: (site: SiteId) => Promise<void>;
  };
  /** Address that browsers open, and the one that tokens carry. */
  urls: { browser: string; enrolment: string };
  /** What each mirror of the metrics has told. */
  mirrors: () => MirrorStats[];
  /** What the browsers' ports have answered. */
  http: HttpMeter;
  startedAt: number;
  counters: () => Record<string, number>;
  /** How the way up goes just now. */
  ingestPulse: () => Pulse;
}
