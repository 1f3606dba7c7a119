// The desk of a real console: what relay links ask of its rooms, and what they tell.
import { can } from '#console/access/can.ts';
import type { Devices } from '#console/devices/devices.ts';
import type { RelayRecords } from '#console/devices/relay-records.ts';
import type { Ingest } from '#console/ingest/ingest.ts';
import type { LinkIdentity } from '#console/ingest/record-hooks.ts';
import type { Relay, Relays } from '#console/sites/relays.ts';
import type { Store } from '#console/store/database.ts';
import { brakesOf } from '#console/trust/brake-service.ts';
import { charterOf } from '#console/trust/charter-service.ts';
import type { Credentials } from '#console/trust/credential-service.ts';
import { verifyLinkRenewal } from '#console/trust/enrolment-proof.ts';
import { standingFor } from '#console/trust/standing-service.ts';
import type { Variables } from '#console/trust/variable-service.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { type Authority, issueRelayCertificate } from '#shared/crypto/certificate.ts';
import { readCertificate, readRelayCertificate } from '#shared/crypto/peer-certificate.ts';
import type { SignedCharter } from '#shared/model/charter.ts';
import type { Roster } from '#shared/model/device.ts';
import type { SignedBrake } from '#shared/model/freeze.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';
import type { RelayVault } from '#shared/model/relay-vault.ts';
import type { SignedStanding } from '#shared/model/standing-order.ts';
import type { Batch, Gap } from '#shared/protocol/batch.ts';
import type { ChunksMessage } from '#shared/protocol/history.ts';
import type { Watermark } from '#shared/protocol/lane.ts';
import type { Probed } from '#shared/protocol/probe.ts';
import type { Stream } from '#shared/protocol/stream.ts';
import type { WitnessMessage } from '#shared/protocol/witness.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import type { LinkDesk, LinkIncident, LinkNews, Peer, Sealed, WatchTold } from './link-desk.ts';
import type { Pace } from './pace.ts';

/** One event per relay and code in this time: a relay that reconnects with the same trouble tells nothing new. */
const INCIDENT_EVERY_MS = 600_000;
/** Relays times codes that were told; at the bound the memory begins anew, and some are told twice. */
const MAX_TOLD = 10_000;

export interface ConsoleDeskDeps {
  store: Pick<Store, 'db' | 'transaction' | 'incarnation'>;
  clock: Clock;
  log: Logger;
  authority: Authority;
  ingest: Ingest;
  relays: Relays;
  credentials: Pick<Credentials, 'told'>;
  variables: Pick<Variables, 'missing'>;
  devices: Pick<Devices, 'rosterFor'>;
  records: Pick<RelayRecords, 'applyRelayEvents'>;
  pace: () => Pace;
  /** Absent: nobody has said anything of watching, and relays go by what is shipped. */
  watch?: (peer: Pick<Peer, 'relay' | 'site'>) => Promise<WatchTold>;
  /** Whoever waits for answers of relays, and whoever shows how they are. */
  onProbed?: (relay: RelayId, answer: Probed) => void;
  onHealth?: (peer: Peer, health: RelayHealth) => void;
  onWitness?: (peer: Peer, message: WitnessMessage) => void;
  onChunks?: (relay: RelayId, message: ChunksMessage) => void;
  onStream?: (relay: RelayId, body: Stream) => boolean;
}

export class ConsoleDesk implements LinkDesk {
  readonly #deps: ConsoleDeskDeps;
  readonly #news = new Map<RelayId, LinkNews>();
  readonly #told = new Map<string, number>();

  constructor(deps: ConsoleDeskDeps) {
    this.#deps = deps;
  }

  get incarnation(): string {
    return this.#deps.store.incarnation;
  }

  get pace(): Pace {
    return this.#deps.pace();
  }

  async admit(peer: Peer): Promise<void> {
    const relay = await this.#deps.relays.byKey(peer.keyId);
    if (relay === undefined || relay.id !== peer.relay || relay.siteId !== peer.site)
      throw new AppError('certificate-unknown', `relay ${peer.relay} is not enrolled at this console`);
    if (relay.revokedAt !== null) throw new AppError('certificate-revoked', `relay ${relay.name} is revoked`);
  }

  watermarks(link: LinkIdentity): Promise<Watermark[]> {
    return this.#deps.ingest.watermarks(link);
  }

  batch(link: LinkIdentity, batch: Batch): Promise<{ received: number; durable: number }> {
    return this.#deps.ingest.batch(link, batch);
  }

  gap(link: LinkIdentity, gap: Gap): Promise<{ received: number; durable: number }> {
    return this.#deps.ingest.gap(link, gap);
  }

  roster(relay: RelayId): Promise<Roster> {
    return this.#deps.devices.rosterFor(relay);
  }

  async charter(site: SiteId): Promise<{ version: number; signed: SignedCharter } | undefined> {
    const permission = can({ kind: 'system', part: 'gateway' }, 'charter.read');
    if (!permission.allowed) return undefined;
    try {
      return await charterOf(this.#deps.store.db, permission.scope, site);
    } catch (error) {
      // A site whose owner has not signed yet: the relay keeps what it pinned.
      if (error instanceof AppError && error.code === 'not-found') return undefined;
      throw error;
    }
  }

  async brakes(site: SiteId): Promise<SignedBrake[]> {
    const permission = can({ kind: 'system', part: 'gateway' }, 'charter.read');
    return permission.allowed ? await brakesOf(this.#deps.store.db, permission.scope, site) : [];
  }

  async standing(relay: RelayId): Promise<SignedStanding[]> {
    const permission = can({ kind: 'system', part: 'gateway' }, 'standing.read');
    return permission.allowed
      ? await standingFor(this.#deps.store.db, permission.scope, relay, this.#deps.clock.now())
      : [];
  }

  async watch(peer: Peer): Promise<WatchTold> {
    return (await this.#deps.watch?.(peer)) ?? { members: [] };
  }

  async vault({ relay, site }: Peer, vault: RelayVault): Promise<Sealed> {
    const permission = can({ kind: 'system', part: 'gateway' }, 'credential.read');
    if (!permission.allowed) return { credentials: [], variables: [] };
    const { credentials, variables } = this.#deps;
    return {
      credentials: await credentials.told(permission.scope, relay, vault),
      variables: await variables.missing(permission.scope, site, vault),
    };
  }

  async renew(peer: Peer, request: { spki: Uint8Array; proof: Uint8Array }): Promise<string> {
    await this.admit(peer);
    verifyLinkRenewal({ relay: peer.relay, keyId: peer.keyId, ...request });
    const { relay, site } = peer;
    return await issueFor(this.#deps, { id: relay, siteId: site }, request.spki);
  }

  onNews(news: LinkNews): void {
    this.#news.set(news.relay, { ...this.#news.get(news.relay), ...news });
  }

  onIncident(peer: Peer, incident: LinkIncident): void {
    const { clock, log } = this.#deps;
    log.warn({ relay: peer.relay, address: peer.address, ...incident }, 'a relay link has trouble');
    if (!this.#isNews(`${peer.relay} ${incident.code}`)) return;
    this.#tell(peer, incident, clock.now()).catch((error: unknown) => {
      log.error(describeError(error), 'an event of a relay link could not be stored');
    });
  }

  onProbed(peer: Peer, answer: Probed): void {
    this.#deps.onProbed?.(peer.relay, answer);
  }

  onHealth(peer: Peer, health: RelayHealth): void {
    this.#deps.onHealth?.(peer, health);
  }

  onWitness(peer: Peer, message: WitnessMessage): void {
    this.#deps.onWitness?.(peer, message);
  }

  onChunks({ relay }: Peer, message: ChunksMessage): void {
    this.#deps.onChunks?.(relay, message);
  }

  onStream({ relay }: Peer, body: Stream): boolean {
    return this.#deps.onStream?.(relay, body) ?? false;
  }

  /** Writes what links learned of their relays since the last call, and that `connected` are alive. */
  async flushNews(connected: readonly RelayId[]): Promise<void> {
    const at = this.#deps.clock.now();
    for (const relay of connected) this.onNews({ ...this.#news.get(relay), relay, at });
    const news = [...this.#news.values()].map(({ relay, at, clockSkewMs, hello }) => ({
      id: relay,
      at,
      clockSkewMs,
      version: hello?.version,
      hostname: hello?.hostname,
      epoch: hello?.epoch,
      rosterVersion: hello?.rosterVersion,
      charterVersion: hello?.charterVersion,
    }));
    this.#news.clear();
    await this.#deps.relays.seen(news);
  }

  #isNews(key: string): boolean {
    const now = this.#deps.clock.monotonic();
    const last = this.#told.get(key);
    if (last !== undefined && now - last < INCIDENT_EVERY_MS) return false;
    if (this.#told.size >= MAX_TOLD) this.#told.clear();
    this.#told.set(key, now);
    return true;
  }

  async #tell(peer: Peer, { code, severity, detail }: LinkIncident, at: number): Promise<void> {
    const record = { type: 'relay-event', at, code, severity, detail: detail.slice(0, 2_000) } as const;
    const { store, records } = this.#deps;
    await store.transaction((tx) => records.applyRelayEvents(tx, peer, [record]));
  }
}

/** A fresh certificate for a key whose possession is proven, written down before it is handed out. */
export async function issueFor(
  deps: { authority: Authority; relays: Relays; clock: Clock },
  relay: Pick<Relay, 'id' | 'siteId'>,
  spki: Uint8Array,
): Promise<string> {
  const request = { relay: relay.id, site: relay.siteId, spki, now: deps.clock.now() };
  const certificate = await issueRelayCertificate(deps.authority, request);
  const { serial, expiresAt } = readRelayCertificate(readCertificate(certificate));
  await deps.relays.renew(relay.id, { serial, expiresAt });
  return certificate;
}
