// Relays of the sites: enrolled, seen, renewed, revoked.
import { actorName, type Caller, reachOf } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import { lockRows, type Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { isReplaced } from './enrolment-token-repository.ts';
import * as repository from './relay-repository.ts';
import { replaceDefaultRelay } from './site-repository.ts';

export type { NewRelay, Relay } from './relay-repository.ts';

/** Whose records are applied: proven by the certificate of the link they came over. */
export interface Link {
  relay: RelayId;
  site: SiteId;
}

/** A machine that takes the place of a relay: the room to the right moves the devices. */
export interface Replacement {
  relay: RelayId;
  moveRoster: (tx: Tx, from: RelayId, to: RelayId) => Promise<number>;
}

/**
 * One judgement at a time per site: two relays that meet the same machine at once see each other's device. Taken before
 * the audit chain, whose lock everybody takes last.
 */
export async function lockSite(tx: Tx, site: SiteId): Promise<void> {
  await tx.selectFrom('site').select('id').where('id', '=', site).$call(lockRows(tx)).execute();
}

export class Relays {
  #store: Store;
  #audit: Audit;
  #clock: Clock;
  #onRevoked: (id: RelayId) => void;
  #onRelaysChanged: (() => void) | undefined;

  constructor(deps: {
    store: Store;
    audit: Audit;
    clock: Clock;
    onRevoked: (id: RelayId) => void;
    /** Told after the commit: a relay is there that was not, or has another name. */
    onRelaysChanged?: (() => void) | undefined;
  }) {
    this.#store = deps.store;
    this.#audit = deps.audit;
    this.#clock = deps.clock;
    this.#onRevoked = deps.onRevoked;
    this.#onRelaysChanged = deps.onRelaysChanged;
  }

  list(scope: Scope): Promise<repository.Relay[]> {
    return repository.listRelays(this.#store.db, scope);
  }

  /** Of one site, gone ones too: whoever asks has shown that they may see what is asked of them. */
  async idsAt(site: SiteId): Promise<RelayId[]> {
    return repository.relayIdsAt(this.#store.db, site);
  }

  /** The same of all sites, for questions about many. */
  async idsBySite(): Promise<Map<SiteId, RelayId[]>> {
    return repository.relayIdsBySite(this.#store.db);
  }

  find(scope: Scope, id: RelayId): Promise<repository.Relay | undefined> {
    return repository.findRelay(this.#store.db, scope, id);
  }

  /** Who holds this key (base64url SHA-256 of the SubjectPublicKeyInfo), revoked or not. */
  byKey(keyId: string): Promise<repository.Relay | undefined> {
    return repository.findRelayByKey(this.#store.db, keyId);
  }

  /** Inside the transaction that consumes the token. Throws `conflict` when the key is enrolled already. */
  async enrol(
    tx: Tx,
    relay: repository.NewRelay,
    from: { token: string; address?: string | undefined; replaces?: Replacement | undefined },
  ): Promise<void> {
    await lockSite(tx, relay.siteId);
    const former =
      from.replaces === undefined ? undefined : await this.#former(tx, relay, from.replaces.relay, from.token);
    const name = former?.name ?? relay.name;
    if (!(await repository.insertRelay(tx, { ...relay, name }, this.#clock.now())))
      throw new AppError('conflict', `relay ${relay.name}: its key is enrolled already`);
    afterCommit(() => this.#onRelaysChanged?.());
    // Rows first, the audit's lock last: a batch of the former relay that is being stored takes them in this order too.
    const taken = former === undefined ? undefined : await this.#takePlace(tx, relay, former.id, from.replaces);
    await this.#audit.append(tx, {
      actor: `relay:${relay.id}`,
      address: from.address,
      verb: 'relay.enrol',
      resource: `site:${relay.siteId}`,
      outcome: 'ok',
      detail: { name, kind: relay.kind, key: relay.keyId, token: from.token },
    });
    if (former === undefined) return;
    await this.#audit.append(tx, {
      actor: `relay:${relay.id}`,
      address: from.address,
      verb: 'relay.replace',
      resource: `relay:${former.id}`,
      outcome: 'ok',
      detail: { by: relay.id, name, devices: taken, token: from.token },
    });
  }

  async #former(tx: Tx, relay: repository.NewRelay, id: RelayId, token: string): Promise<repository.Relay> {
    const former = await repository.findRelayById(tx, id);
    if (former === undefined || former.siteId !== relay.siteId || former.kind !== relay.kind)
      throw new AppError('conflict', `relay ${id} has no place that this machine could take`);
    // Two tokens for one place: whoever came first has it.
    if (await isReplaced(tx, id, token)) throw new AppError('conflict', `relay ${former.name} was replaced already`);
    return former;
  }

  /** The former relay is out from the moment its devices are somebody else's. Answers how many moved. */
  async #takePlace(
    tx: Tx,
    relay: repository.NewRelay,
    former: RelayId,
    replacement: Replacement | undefined,
  ): Promise<number> {
    await repository.setRevoked(tx, former, this.#clock.now());
    await replaceDefaultRelay(tx, relay.siteId, former, relay.id);
    const moved = (await replacement?.moveRoster(tx, former, relay.id)) ?? 0;
    afterCommit(() => this.#onRevoked(former));
    return moved;
  }

  /** Writes down a renewed certificate; throws `certificate-revoked` for a relay that is revoked or gone. */
  async renew(id: RelayId, certificate: { serial: string; expiresAt: number }): Promise<void> {
    await this.#store.transaction(async (tx) => {
      if (!(await repository.setCertificate(tx, id, certificate.serial, certificate.expiresAt)))
        throw new AppError('certificate-revoked', `relay ${id} is revoked or unknown: no new certificate`);
      await this.#audit.append(tx, {
        actor: `relay:${id}`,
        verb: 'relay.renew',
        resource: `relay:${id}`,
        outcome: 'ok',
        detail: { serial: certificate.serial, expiresAt: certificate.expiresAt },
      });
    });
  }

  /** Durable before its live link is cut. Revoking twice is no error; an unknown relay is `not-found`. */
  async revoke(caller: Caller, id: RelayId): Promise<void> {
    await this.#store.transaction(async (tx) => {
      const known = await repository.findRelay(tx, reachOf(caller), id);
      if (known === undefined) throw new AppError('not-found', `relay ${id} does not exist`);
      if (!(await repository.setRevoked(tx, id, this.#clock.now()))) return;
      await this.#audit.append(tx, {
        actor: actorName(caller.actor),
        address: caller.address,
        verb: 'relay.revoke',
        resource: `relay:${id}`,
        outcome: 'ok',
      });
    });
    this.#onRevoked(id);
  }

  /** A name is for people and changes nothing else. Throws `not-found`. */
  async rename(caller: Caller, scope: Scope, { id, name }: { id: RelayId; name: string }): Promise<repository.Relay> {
    return this.#store.transaction(async (tx) => {
      const relay = await repository.findRelay(tx, scope, id);
      if (relay === undefined) throw new AppError('not-found', `relay ${id} does not exist`);
      await repository.setName(tx, id, name);
      afterCommit(() => this.#onRelaysChanged?.());
      await this.#audit.append(tx, {
        actor: actorName(caller.actor),
        address: caller.address,
        verb: 'relay.rename',
        resource: `relay:${id}`,
        outcome: 'ok',
        detail: { from: relay.name, to: name },
      });
      return { ...relay, name };
    });
  }

  /** Who had a relay look at an address; the relay's own audit row says that it did. Throws `not-found`. */
  async noteProbe(
    caller: Caller,
    scope: Scope,
    { id, address, port }: { id: RelayId; address: string; port?: number | undefined },
  ): Promise<void> {
    await this.#store.transaction(async (tx) => {
      if ((await repository.findRelay(tx, scope, id)) === undefined)
        throw new AppError('not-found', `relay ${id} does not exist`);
      await this.#audit.append(tx, {
        actor: actorName(caller.actor),
        address: caller.address,
        verb: 'relay.probe',
        resource: `relay:${id}`,
        outcome: 'ok',
        detail: { address, port },
      });
    });
  }

  /** Writes down who let a fenced relay in again. Throws `not-found`. */
  async noteRelease(caller: Caller, scope: Scope, id: RelayId): Promise<repository.Relay> {
    return await this.#store.transaction(async (tx) => {
      const relay = await repository.findRelay(tx, scope, id);
      if (relay === undefined) throw new AppError('not-found', `relay ${id} does not exist`);
      await this.#audit.append(tx, {
        actor: actorName(caller.actor),
        address: caller.address,
        verb: 'relay.release',
        resource: `relay:${id}`,
        outcome: 'ok',
      });
      return relay;
    });
  }

  /** Many relays' news in one transaction; the gateway collects them for some seconds. */
  async seen(news: readonly repository.RelaySeen[]): Promise<void> {
    if (news.length === 0) return;
    // In one order, so that two consoles never wait for each other.
    const sorted = [...news].sort((a, b) => (a.id < b.id ? -1 : 1));
    await this.#store.transaction(async (tx) => {
      for (const one of sorted) await repository.setSeen(tx, one);
    });
  }
}
