// What devices are watched by and why, what a draft would change of it, and when windows are open: answers for people.
import type { Scope } from '#console/access/scope.ts';
import type { Store } from '#console/store/database.ts';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceId, LayerId, WindowId } from '#shared/base/id.ts';
import { explainSettings } from '#shared/judge/layers/effective.ts';
import { windowSpans } from '#shared/judge/time/window.ts';
import type { Check } from '#shared/model/check.ts';
import { readWatch } from '#shared/seal/watch-seal.ts';
import { type DeviceWords, layersOf, type PlacedLayer } from './membership.ts';
import { findParent } from './parent-repository.ts';
import { listParts } from './part-repository.ts';
import { type PlacedDevice, placedDevice, placedOfSites } from './place-repository.ts';
import type { RelayWatches } from './relay-watch.ts';
import type { DraftedCustomer, WatchDocuments, Which } from './watch-documents.ts';
import type { WatchContent } from './watch-drafts.ts';
import { PlanBook, type PlannedChange } from './watch-plan.ts';

export interface WatchViewsDeps {
  store: Pick<Store, 'db'>;
  shipped: readonly Check[];
  /** Groups and kinds of devices, once the fleet is known. */
  describe: (devices: readonly DeviceId[]) => Promise<DeviceWords>;
  documents: WatchDocuments;
  watches: RelayWatches;
}

const NOTHING: WatchContent = { layers: [], windows: [], routes: [] };
/** Longer plans help nobody; the rest is counted. */
const MAX_CHANGES = 500;
/** A calendar of two months with what stands at its rims. */
const MAX_CALENDAR_MS = 70 * 86_400_000;
/** A page draws no more. */
const MAX_SPANS = 5_000;

export class WatchViews {
  readonly #deps: WatchViewsDeps;

  constructor(deps: WatchViewsDeps) {
    this.#deps = deps;
  }

  /** Throws `not-found`. */
  async effective(scope: Scope, id: DeviceId, by: 'active' | 'draft') {
    const { db } = this.#deps.store;
    const device = await placedDevice(db, scope, id);
    if (device === undefined) throw new AppError('not-found', `no device ${id}`);
    const { layers, version } = await this.#layersAt(device, by);
    const words = (await this.#deps.describe([id])).get(id);
    const member = layersOf(device, words?.groups ?? [], layers.placed);
    const shipped = { checks: this.#deps.shipped, presence: words?.presence ?? ('always-on' as const) };
    const found = explainSettings(shipped, layers.said, { device: id, layers: member });
    const names = new Map<LayerId, string>(layers.said.map((layer) => [layer.id, layer.name]));
    const namesOf = (ids: readonly LayerId[]) => ids.map((layer) => names.get(layer) ?? layer);
    return {
      device: { id, name: device.name },
      ...{ by, version, presence: found.presence, presenceSaid: [...found.presenceSaid] },
      checks: found.all.map(({ said, ...one }) => ({ ...one, said: [...said] })),
      ...{ layers: namesOf(found.layers), passedOver: namesOf(found.passedOver) },
      ...(await findParent(db, scope, id)),
    };
  }

  async #layersAt(device: PlacedDevice, by: 'active' | 'draft') {
    const { watches, documents } = this.#deps;
    const active = await watches.active(device.site);
    if (by === 'active') {
      const said = active?.layers ?? [];
      return { layers: { said, placed: await watches.placed(said) }, version: active?.version ?? null };
    }
    const drafted = await documents.contentAt(device.customer, device.site);
    return { layers: { said: drafted.content.layers, placed: drafted.placed }, version: null };
  }

  /** What the drafts would change at these sites. */
  async plan(scope: Scope, which: Which) {
    const drafted = await this.#deps.documents.drafted(scope, which);
    const book = new PlanBook();
    let devices = 0;
    for (const one of drafted) devices += await this.#compare(one, book);
    const changes: PlannedChange[] = book.changes;
    return {
      sites: drafted.reduce((sum, { sites }) => sum + sites.length, 0),
      ...{ devices, changed: book.changed, changes: changes.slice(0, MAX_CHANGES) },
      left: Math.max(0, changes.length - MAX_CHANGES),
    };
  }

  /** Site by site: each may watch by another document than its neighbour. */
  async #compare(drafted: DraftedCustomer, book: PlanBook): Promise<number> {
    const { store, shipped, describe, watches } = this.#deps;
    const all = await placedOfSites(
      store.db,
      drafted.sites.map(({ id }) => id),
    );
    const words = await describe(all.map(({ id }) => id));
    const after = memberships(drafted.placed, words);
    for (const site of drafted.sites) {
      const active = drafted.active.get(site.id);
      const content = active === undefined ? NOTHING : readWatch(active.signed);
      const before = memberships(await watches.placed(content.layers), words);
      const here = all.filter((device) => device.site === site.id);
      const byId = new Map(here.map((device) => [device.id, device]));
      book.compare(
        shipped,
        here.map(({ id, name }) => ({ id, name, presence: words.get(id)?.presence ?? 'always-on' })),
        { content, layersOf: (id) => before(byId.get(id)) },
        { content: drafted.content, layersOf: (id) => after(byId.get(id)) },
      );
    }
    return all.length;
  }

  /** When drafted windows are open; of removed ones nothing. */
  async calendar(scope: Scope, span: { from: number; to: number }) {
    const { from, to } = span;
    if (to <= from || to - from > MAX_CALENDAR_MS)
      throw new AppError('bad-request', 'a calendar is from a time to a later one, at most 70 days');
    const parts = await listParts(this.#deps.store.db, scope);
    const spans = parts.flatMap((part) =>
      part.kind === 'window' && !part.isRemoved
        ? windowSpans(part.body, from, to).map((one) => ({ id: part.body.id as WindowId, ...one }))
        : [],
    );
    return spans.toSorted((a, b) => a.from - b.from).slice(0, MAX_SPANS);
  }
}

const memberships =
  (placed: readonly PlacedLayer[], words: DeviceWords) =>
  (device: PlacedDevice | undefined): LayerId[] =>
    device === undefined ? [] : layersOf(device, words.get(device.id)?.groups ?? [], placed);
