// What a relay link asks of the rest of the console: one port, so that a link is tested without any of it.
import type { LinkIdentity } from '#console/ingest/record-hooks.ts';
import type { ErrorCode } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { SignedCharter } from '#shared/model/charter.ts';
import type { SealedCredential } from '#shared/model/credential.ts';
import type { Roster } from '#shared/model/device.ts';
import type { SignedBrake } from '#shared/model/freeze.ts';
import type { RelayHealth } from '#shared/model/relay-health.ts';
import type { RelayVault } from '#shared/model/relay-vault.ts';
import type { SignedStanding } from '#shared/model/standing-order.ts';
import type { SealedVariable } from '#shared/model/variable.ts';
import type { SignedWatch, WatchMember } from '#shared/model/watch-policy.ts';
import type { Batch, Gap } from '#shared/protocol/batch.ts';
import type { Hello } from '#shared/protocol/handshake.ts';
import type { ChunksMessage } from '#shared/protocol/history.ts';
import type { Watermark } from '#shared/protocol/lane.ts';
import type { Probed } from '#shared/protocol/probe.ts';
import type { Stream } from '#shared/protocol/stream.ts';
import type { WitnessMessage } from '#shared/protocol/witness.ts';
import type { Pace } from './pace.ts';

/** Who a certificate proved to be, as the TLS handshake left it. */
export interface Peer {
  relay: RelayId;
  site: SiteId;
  /** base64url SHA-256 of its SubjectPublicKeyInfo. */
  keyId: string;
  /** For logs; undefined when the connection was gone before it was asked. */
  address: string | undefined;
}

/** What people should hear of a link. */
export interface LinkIncident {
  code: ErrorCode;
  severity: 'info' | 'warning' | 'critical';
  detail: string;
}

/** What the relay said of itself, to be kept. */
export interface LinkNews {
  relay: RelayId;
  at: number;
  clockSkewMs?: number;
  hello?: Hello;
}

/** What a relay has not yet. */
export interface Sealed {
  credentials: SealedCredential[];
  variables: SealedVariable[];
}

/** What a relay is told of watching. */
export interface WatchTold {
  /** The newest document of its site; absent while nobody has signed one. */
  signed?: SignedWatch | undefined;
  /** Of the relay's own devices. */
  members: readonly WatchMember[];
}

export interface LinkDesk {
  readonly incarnation: string;
  readonly pace: Pace;
  /** Throws `certificate-unknown` or `certificate-revoked` for a relay that may not (or no longer) connect. */
  admit(peer: Peer): Promise<void>;
  watermarks(link: LinkIdentity): Promise<Watermark[]>;
  batch(link: LinkIdentity, batch: Batch): Promise<{ received: number; durable: number }>;
  gap(link: LinkIdentity, gap: Gap): Promise<{ received: number; durable: number }>;
  roster(relay: RelayId): Promise<Roster>;
  /** Undefined while the site has none. */
  charter(site: SiteId): Promise<{ version: number; signed: SignedCharter } | undefined>;
  /** Freeze and thaw of the site, oldest first; empty while nobody has stopped it. */
  brakes(site: SiteId): Promise<SignedBrake[]>;
  /** Standing orders of the relay, and before them the withdrawals it may not have heard. */
  standing(relay: RelayId): Promise<SignedStanding[]>;
  /** Whose layers, windows and routes the relay watches by. */
  watch(peer: Peer): Promise<WatchTold>;
  /** Takes what the relay told of its vault; gives the sealed logins and variables it has not yet. */
  vault(peer: Peer, vault: RelayVault): Promise<Sealed>;
  /** A new certificate, PEM. Throws when the proof is bad or the relay is revoked. */
  renew(peer: Peer, request: { spki: Uint8Array; proof: Uint8Array }): Promise<string>;
  onNews(news: LinkNews): void;
  onIncident(peer: Peer, incident: LinkIncident): void;
  /** The answer to a PROBE, asked for or not. */
  onProbed(peer: Peer, answer: Probed): void;
  onHealth(peer: Peer, health: RelayHealth): void;
  /** What a relay says of the audit trail, asked for or not. */
  onWitness(peer: Peer, message: WitnessMessage): void;
  /** What it keeps of its site's past, asked for or not. */
  onChunks(peer: Peer, message: ChunksMessage): void;
  /** Of a session. False: not what a stream of this relay may say just now. */
  onStream(peer: Peer, body: Stream): boolean;
}
