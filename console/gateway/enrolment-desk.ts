// Lets machines in: a token and a proven key become a relay and its certificate; an expired certificate is renewed.
import type { OwnMachine } from '#console/devices/devices.ts';
import type { EnrolmentTokens, TokenRow } from '#console/sites/enrolment-tokens.ts';
import type { Relay, Relays, Replacement } from '#console/sites/relays.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import {
  type ProvenEnrolment,
  renewalDecision,
  verifyEnrolmentProof,
  verifyRenewalProof,
} from '#console/trust/enrolment-proof.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { newId, type RandomBytes, RelayId, type SiteId } from '#shared/base/id.ts';
import { type Authority, issueRelayCertificate } from '#shared/crypto/certificate.ts';
import type { EnrolAnswer, EnrolRequest, RenewAnswer, RenewRequest } from '#shared/crypto/enrolment-messages.ts';
import { readCertificate, readRelayCertificate } from '#shared/crypto/peer-certificate.ts';
import type { PublicKey, SignedCharter } from '#shared/model/charter.ts';
import { issueFor } from './console-desk.ts';

export interface EnrolmentDeskDeps {
  store: Pick<Store, 'transaction'>;
  clock: Clock;
  random: RandomBytes;
  authority: Authority;
  /** The key that relays pin. */
  owner: PublicKey;
  tokens: EnrolmentTokens;
  relays: Relays;
  /** The charter in force, undefined when the site has none. */
  charterOf: (site: SiteId) => Promise<SignedCharter | undefined>;
  /** Inside the transaction that enrols: the relay's own machine becomes a device, or is the one it was. */
  onEnrolled: (tx: Tx, link: { relay: RelayId; site: SiteId }, machine: OwnMachine) => Promise<void>;
  /** Inside the same transaction: the devices of a relay become those of the one that takes its place. */
  moveRoster: (tx: Tx, from: RelayId, to: RelayId) => Promise<number>;
  /** The place is taken, and that is durable. */
  onReplaced: (former: RelayId, link: { relay: RelayId; site: SiteId }) => void;
  /** Port of the relays' listener. */
  linkPort: () => number;
}

export class EnrolmentDesk {
  readonly #deps: EnrolmentDeskDeps;

  constructor(deps: EnrolmentDeskDeps) {
    this.#deps = deps;
  }

  /** Throws the named code of what is wrong; then nothing was used up. */
  async enrol(request: EnrolRequest, address: string): Promise<EnrolAnswer> {
    const proven = verifyEnrolmentProof(request);
    const token = await this.#tokenOf(request, proven);
    const charter = await this.#deps.charterOf(token.siteId);
    if (charter === undefined)
      throw new AppError('charter-invalid', `site ${token.siteId} has no charter yet: its owner must sign one`);
    const known = await this.#deps.relays.byKey(proven.keyId);
    const enrolled =
      known === undefined
        ? await this.#enrolNew(request, proven, token, address)
        : await this.#again(known, proven, token);
    const { authority, owner, linkPort } = this.#deps;
    return {
      ...enrolled,
      site: token.siteId,
      authority: authority.certificatePem,
      charter,
      owner,
      linkPort: linkPort(),
    };
  }

  /** A certificate that expired at most 180 days ago, and whose key is proven, gets a successor. */
  async renew(request: RenewRequest): Promise<RenewAnswer> {
    const { authority, clock, relays } = this.#deps;
    const now = clock.now();
    const certificate = verifyRenewalProof(request, authority.certificatePem, now);
    const relay = await relays.byKey(certificate.keyId);
    if (relay === undefined || relay.id !== certificate.relay)
      throw new AppError('certificate-unknown', `relay ${certificate.relay} is not enrolled at this console`);
    const decision = renewalDecision({ certificate, now, revokedAt: relay.revokedAt });
    if (!decision.ok) throw new AppError(decision.code, decision.message);
    return { certificate: await issueFor(this.#deps, relay, certificate.spki) };
  }

  async #tokenOf(request: EnrolRequest, proven: ProvenEnrolment): Promise<TokenRow> {
    const token = await this.#deps.tokens.peek(proven.tokenHash);
    if (token === undefined || token.id !== request.tokenId)
      throw new AppError('token-unknown', 'this enrolment token is not one of this console');
    if (token.kind !== request.kind)
      throw new AppError(
        'bad-request',
        `enrolment token ${token.id} is for a ${token.kind} relay, not a ${request.kind}`,
      );
    if (token.expiresAt <= this.#deps.clock.now())
      throw new AppError('token-expired', `enrolment token ${token.id} expired`);
    return token;
  }

  async #enrolNew(
    request: EnrolRequest,
    proven: ProvenEnrolment,
    token: TokenRow,
    address: string,
  ): Promise<{ relay: RelayId; certificate: string }> {
    const { store, clock, random, authority, tokens, relays, onEnrolled, onReplaced } = this.#deps;
    const now = clock.now();
    const relay = RelayId.parse(newId(now, random));
    const site = token.siteId;
    const { hostname, version, kind, identity, system } = request;
    // Made before the transaction, in which nothing but the database may be awaited; it leaves this process only after it.
    const certificate = await issueRelayCertificate(authority, { relay, site, spki: proven.spki, now });
    const { serial, expiresAt } = readRelayCertificate(readCertificate(certificate));
    const row = { id: relay, siteId: site, kind, name: hostname, keyId: proven.keyId, hostname, version };
    await store.transaction(async (tx) => {
      await tokens.consume(tx, proven.tokenHash);
      await relays.enrol(
        tx,
        { ...row, certificateSerial: serial, certificateExpiresAt: expiresAt },
        { token: token.id, address, replaces: this.#replacement(token) },
      );
      await onEnrolled(tx, { relay, site }, { kind, hostname, identity, system });
    });
    if (token.replaces !== null) onReplaced(token.replaces, { relay, site });
    return { relay, certificate };
  }

  #replacement({ replaces }: TokenRow): Replacement | undefined {
    return replaces === null ? undefined : { relay: replaces, moveRoster: this.#deps.moveRoster };
  }

  /** The answer of a first enrolment was lost: whoever shows the same token and key is the same machine. */
  async #again(
    known: Relay,
    proven: ProvenEnrolment,
    token: TokenRow,
  ): Promise<{ relay: RelayId; certificate: string }> {
    if (known.revokedAt !== null) throw new AppError('certificate-revoked', `relay ${known.name} is revoked`);
    if (token.replaces === known.id)
      throw new AppError('conflict', `relay ${known.name}: its own machine cannot take its place with the same key`);
    if (known.siteId !== token.siteId || known.kind !== token.kind)
      throw new AppError('conflict', `relay ${known.name}: its key is enrolled elsewhere already`);
    return { relay: known.id, certificate: await issueFor(this.#deps, known, proven.spki) };
  }
}
