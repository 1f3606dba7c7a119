// What a relay is told of watching: the document in force at its site, and which of its devices are members of the document's layers.
import { EVERYTHING_SCOPE } from '#console/access/scope.ts';
import type { Store } from '#console/store/database.ts';
import type { DeviceId, RelayId, SiteId } from '#shared/base/id.ts';
import type { SignedWatch, WatchLayer, WatchMember } from '#shared/model/watch-policy.ts';
import { readWatch } from '#shared/seal/watch-seal.ts';
import { findActive, type StoredDocument } from './document-repository.ts';
import { type DeviceWords, membersOf, type PlacedLayer, placedOf } from './membership.ts';
import { layersById } from './part-repository.ts';
import { placedOfRelay } from './place-repository.ts';

export interface RelayWatch {
  signed?: SignedWatch | undefined;
  members: WatchMember[];
}

export interface RelayWatchDeps {
  store: Pick<Store, 'db'>;
  /** Answers once the fleet is known; asked only where a layer stands at a group. */
  describe: (devices: readonly DeviceId[]) => Promise<DeviceWords>;
}

/** Half a megabyte of text each: read once, and again when it is asked for after others. */
const MAX_READ = 64;

export class RelayWatches {
  readonly #deps: RelayWatchDeps;
  readonly #layers = new Map<number, readonly WatchLayer[]>();

  constructor(deps: RelayWatchDeps) {
    this.#deps = deps;
  }

  async of({ relay, site }: { relay: RelayId; site: SiteId }): Promise<RelayWatch> {
    const { db } = this.#deps.store;
    const active = await findActive(db, EVERYTHING_SCOPE, site);
    const devices = await placedOfRelay(db, relay);
    const layers = active === undefined ? [] : await this.placed(this.#layersOf(active));
    const words = await this.#wordsOf(devices, layers);
    return { ...(active === undefined ? {} : { signed: active.signed }), members: membersOf(devices, words, layers) };
  }

  /** What is in force at a site; undefined while nobody has signed anything for it. */
  async active(site: SiteId): Promise<{ version: number; layers: readonly WatchLayer[] } | undefined> {
    const active = await findActive(this.#deps.store.db, EVERYTHING_SCOPE, site);
    return active === undefined ? undefined : { version: active.version, layers: this.#layersOf(active) };
  }

  /** Signed layers and where they stand now; one whose row is gone stands nowhere. */
  async placed(layers: readonly WatchLayer[]): Promise<PlacedLayer[]> {
    const parts = await layersById(
      this.#deps.store.db,
      layers.map(({ id }) => id),
    );
    const byId = new Map(parts.map((part) => [part.body.id as string, part]));
    return layers.flatMap((layer) => {
      const part = byId.get(layer.id);
      // Its level is the signed one.
      return part?.kind === 'layer' ? [{ ...placedOf(part), layer }] : [];
    });
  }

  async #wordsOf(devices: ReadonlyArray<{ id: DeviceId }>, layers: readonly PlacedLayer[]): Promise<DeviceWords> {
    const isAsked = layers.some(({ layer, places }) => layer.level === 'group' && places.length > 0);
    return isAsked ? this.#deps.describe(devices.map(({ id }) => id)) : new Map();
  }

  #layersOf({ version, signed }: StoredDocument): readonly WatchLayer[] {
    const known = this.#layers.get(version) ?? readWatch(signed).layers;
    this.#layers.delete(version);
    this.#layers.set(version, known);
    const [oldest] = this.#layers.keys();
    if (this.#layers.size > MAX_READ && oldest !== undefined) this.#layers.delete(oldest);
    return known;
  }
}
