// Drafts become documents, documents become what is in force: proven against the charter of each of their sites before they are kept.
import { actorName, by, type Caller, reachOf } from '#console/access/can.ts';
import { EVERYTHING_SCOPE, type Scope, seesAllOf } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import { afterCommit } from '#console/store/current-transaction.ts';
import type { Store } from '#console/store/database.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import { charterOf } from '#console/trust/charter-service.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { CustomerId, SiteId } from '#shared/base/id.ts';
import type { WatchPart } from '#shared/model/watch-part.ts';
import type { SignedWatch, WatchDocument } from '#shared/model/watch-policy.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { judgeWatch, nextWatchVersion, readWatch, watchText } from '#shared/seal/watch-seal.ts';
import * as repository from './document-repository.ts';
import { type PlacedLayer, placedOf } from './membership.ts';
import { deleteRemoved, listParts } from './part-repository.ts';
import { type PlacedSite, placedSites, sitesOfDevices } from './place-repository.ts';
import {
  contentFor,
  contentKey,
  type DraftPlace,
  devicesNamed,
  documentOf,
  type WatchContent,
} from './watch-drafts.ts';

export interface WatchDocumentsDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
  /** After the commit: the relays of these sites watch by another document. */
  onSigned: (sites: readonly SiteId[]) => void;
}

export interface Which {
  customerId?: CustomerId | undefined;
  siteId?: SiteId | undefined;
}

/** The sites of a customer that are drafted for at once, and what is in force there. */
export interface DraftedCustomer {
  customer: CustomerId;
  customerName: string;
  sites: PlacedSite[];
  content: WatchContent;
  /** Its layers with where they stand. */
  placed: PlacedLayer[];
  /** Per site; undefined where nothing is in force. */
  active: ReadonlyMap<SiteId, repository.StoredDocument>;
}

const EMPTY = contentKey({ layers: [], windows: [], routes: [] });
/** Of documents of this reading: many sites share one. */
const KEYS = new WeakMap<repository.StoredDocument, string>();

function keyOf(document: repository.StoredDocument): string {
  const known = KEYS.get(document) ?? contentKey(readWatch(document.signed));
  KEYS.set(document, known);
  return known;
}

/** Whether what is drafted is what is in force at a site; an empty draft asks for no document where there is none. */
export const isCurrentAt = (
  drafted: Pick<DraftedCustomer, 'content'>,
  active: repository.StoredDocument | undefined,
): boolean => contentKey(drafted.content) === (active === undefined ? EMPTY : keyOf(active));

export class WatchDocuments {
  readonly #deps: WatchDocumentsDeps;

  constructor(deps: WatchDocumentsDeps) {
    this.#deps = deps;
  }

  /** Per customer what is drafted for those sites that are asked for, and may be seen as a whole. */
  async drafted(scope: Scope, which: Which = {}): Promise<DraftedCustomer[]> {
    const { db } = this.#deps.store;
    const sites = (await placedSites(db, scope)).filter(
      ({ id, customer }) =>
        seesAllOf(scope, id) &&
        (which.siteId === undefined || which.siteId === id) &&
        (which.customerId === undefined || which.customerId === customer),
    );
    const parts = await listParts(db, scope);
    const siteOf = await sitesOfDevices(db, devicesNamed(parts));
    const active = await this.#active(db, scope);
    return groupBy(sites, ({ customer }) => customer).map(([customer, some]) => ({
      ...{ customer, customerName: some[0]?.customerName ?? '', sites: some, active },
      ...placedContent(parts, { customer, sites: some.map(({ id }) => id), siteOf }),
    }));
  }

  /** What is drafted for one site, whoever asks: for whoever may see one of its devices. */
  async contentAt(customer: CustomerId, site: SiteId): Promise<Pick<DraftedCustomer, 'content' | 'placed'>> {
    const { db } = this.#deps.store;
    const parts = await listParts(db, EVERYTHING_SCOPE);
    const siteOf = await sitesOfDevices(db, devicesNamed(parts));
    return placedContent(parts, { customer, sites: [site], siteOf });
  }

  async #active(db: Db, scope: Scope): Promise<Map<SiteId, repository.StoredDocument>> {
    const versions = await repository.activeVersions(db, scope);
    const documents = await repository.documentsOf(db, [...new Set(versions.values())]);
    const byVersion = new Map(documents.map((one) => [one.version, one]));
    return new Map(
      [...versions].flatMap(([site, version]) => {
        const document = byVersion.get(version);
        return document === undefined ? [] : [[site, document] as const];
      }),
    );
  }

  /** A document for each customer whose drafts differ from what is in force at one of its sites. */
  async draft(scope: Scope, which: Which): Promise<Array<DraftedCustomer & { document: WatchDocument; text: string }>> {
    const { store, clock } = this.#deps;
    const changed = (await this.drafted(scope, which)).filter((one) =>
      one.sites.some(({ id }) => !isCurrentAt(one, one.active.get(id))),
    );
    const first = nextWatchVersion(await repository.highestVersion(store.db), clock.now());
    return changed.map((one, at) => {
      const sites = one.sites.map(({ id }) => id);
      const document = documentOf(one.content, { sites, version: first + at, at: clock.now() });
      return { ...one, document, text: watchText(document) };
    });
  }

  /** What is in force at a site, with the names of those who signed it as far as its charter still names them. */
  async inForce(scope: Scope, site: SiteId): Promise<{ signed: SignedWatch | null; signers: string[] }> {
    const { db } = this.#deps.store;
    if (!(await placedSites(db, scope)).some(({ id }) => id === site))
      throw new AppError('not-found', `no site ${site}`);
    const active = await repository.findActive(db, scope, site);
    if (active === undefined) return { signed: null, signers: [] };
    const signers = await this.#signersOf(db, scope, site, active.signed);
    return { signed: active.signed, signers };
  }

  async #signersOf(db: Db, scope: Scope, site: SiteId, signed: SignedWatch): Promise<string[]> {
    try {
      const charter = await readCharter((await charterOf(db, scope, site)).signed);
      const { signers } = await judgeWatch(signed, { site, charter, now: this.#deps.clock.now() });
      return signers.map(({ name }) => name);
    } catch (error) {
      // Who signed it has left the charter since: it stays in force, and nobody of today stands for it.
      if (error instanceof AppError) return [];
      throw error;
    }
  }

  /** Those that want a signature and whose sites may all be seen. */
  async waiting(scope: Scope): Promise<Array<repository.StoredDocument & { lacks: string }>> {
    const { db } = this.#deps.store;
    const shown: Array<repository.StoredDocument & { lacks: string }> = [];
    const active = await repository.activeVersions(db, scope);
    for (const one of await repository.listWaiting(db)) {
      const { sites, version } = readWatch(one.signed);
      // A newer one is in force: this one is void.
      if (!sites.every((site) => seesAllOf(scope, site) && (active.get(site) ?? 0) < version)) continue;
      shown.push({ ...one, lacks: await this.#lackOf(scope, one.signed) });
    }
    return shown;
  }

  async #lackOf(scope: Scope, signed: SignedWatch): Promise<string> {
    try {
      return (await this.#judge(scope, signed)).lacks ?? 'hand it over once more: its sites ask for no more signatures';
    } catch (error) {
      if (error instanceof AppError) return error.message;
      throw error;
    }
  }

  /** Proves it for each of its sites; throws what a relay would refuse it for. */
  async #judge(scope: Scope, signed: SignedWatch) {
    const { store, clock } = this.#deps;
    const document = readWatch(signed);
    const lacks = new Set<string>();
    const held = await repository.activeVersions(store.db, scope);
    let names: string[] = [];
    for (const site of document.sites) {
      if (!seesAllOf(scope, site)) throw new AppError('not-found', `no site ${site}`);
      const charter = await readCharter((await charterOf(store.db, scope, site)).signed);
      const judged = await judgeWatch(signed, { site, charter, now: clock.now(), held: held.get(site) });
      if (judged.lacks !== undefined) lacks.add(judged.lacks);
      names = judged.signers.map(({ name }) => name);
    }
    return { document, names, lacks: lacks.size === 0 ? undefined : [...lacks].join('; ') };
  }

  /** Keeps what was signed; with one more signature it replaces the one that waits. */
  async put(
    caller: Caller,
    signed: SignedWatch,
  ): Promise<{ version: number; state: repository.DocumentState; lacks: string | null }> {
    const { store, audit, clock } = this.#deps;
    const { document, names, lacks } = await this.#judge(reachOf(caller), signed);
    const { version, sites } = document;
    const state = lacks === undefined ? 'active' : 'waiting-for-signature';
    await store.transaction(async (tx) => {
      if ((await repository.lockSites(tx, sites)).length !== sites.length)
        throw new AppError('not-found', `watch document ${version}: one of its sites is gone`);
      const now = clock.now();
      await this.#keep(tx, { version, signed, state, createdBy: actorName(caller.actor), createdAt: now }, sites);
      await repository.removeFormer(tx, await repository.versionsInForce(tx));
      if (state === 'active') {
        await this.#forgetRemoved(tx);
        afterCommit(() => this.#deps.onSigned(sites));
      }
      const detail = { state, lacks, signers: names.join(', '), layers: document.layers.length };
      const more = { windows: document.windows.length, routes: document.routes.length, sites: sites.length };
      const row = { ...by(caller), verb: 'policy.sign', resource: `watch:${version}`, outcome: 'ok' } as const;
      await audit.appendMany(
        tx,
        sites.map((site) => ({ ...row, site, detail: { ...detail, ...more } })),
      );
    });
    return { version, state, lacks: lacks ?? null };
  }

  async #keep(tx: Tx, document: repository.StoredDocument, sites: readonly SiteId[]): Promise<void> {
    const { version, signed, state } = document;
    const [known] = await repository.documentsOf(tx, [version]);
    if (known === undefined) {
      await this.#assertNewest(tx, version, sites);
      await repository.insertDocument(tx, document, sites);
      return;
    }
    const isNext =
      known.state === 'waiting-for-signature' &&
      known.signed.text === signed.text &&
      (signed.signatures.length > known.signed.signatures.length || state === 'active');
    if (!isNext)
      throw new AppError('conflict', `watch document ${version}: another one has this number; draft it anew`);
    await this.#assertNewest(tx, version, sites);
    await repository.setSignatures(tx, version, signed, state);
  }

  /** Asked again with the sites locked: of two that come at once the older one is refused. */
  async #assertNewest(tx: Tx, version: number, sites: readonly SiteId[]): Promise<void> {
    const active = await repository.activeVersionsOf(tx, sites);
    const newer = sites.find((site) => (active.get(site) ?? 0) >= version);
    if (newer !== undefined)
      throw new AppError(
        'conflict',
        `watch document ${version}: a newer one is in force at site ${newer}; draft it anew`,
      );
  }

  async #forgetRemoved(tx: Tx): Promise<void> {
    const named = new Set<string>();
    for (const { signed } of await repository.documentsInForce(tx)) {
      const { layers, windows, routes } = readWatch(signed);
      for (const { id } of [...layers, ...windows, ...routes]) named.add(id);
    }
    await deleteRemoved(tx, named);
  }
}

function placedContent(parts: readonly WatchPart[], place: DraftPlace): Pick<DraftedCustomer, 'content' | 'placed'> {
  const content = contentFor(parts, place);
  const known = new Set<string>(content.layers.map(({ id }) => id));
  const placed = parts.flatMap((part) => (part.kind === 'layer' && known.has(part.body.id) ? [placedOf(part)] : []));
  return { content, placed };
}

function groupBy<T, K>(items: readonly T[], keyOf: (item: T) => K): Array<[K, T[]]> {
  const groups = new Map<K, T[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups];
}
