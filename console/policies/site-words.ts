// What signed layers say of devices beside their checks: whether they are always on, and from how many points on they are well.
import type { Clock } from '#shared/base/clock.ts';
import type { DeviceId, SiteId } from '#shared/base/id.ts';
import { SettingsResolver } from '#shared/judge/layers/effective.ts';
import type { Presence } from '#shared/model/alert-words.ts';
import type { HealthBounds } from '#shared/model/health.ts';
import type { WatchLayer } from '#shared/model/watch-policy.ts';
import { type DeviceWords, layersOf, type PlacedLayer } from './membership.ts';
import type { PlacedDevice } from './place-repository.ts';

export interface SiteWord {
  presence: Presence;
  bounds: HealthBounds;
}

interface SiteWordsDeps {
  clock: Pick<Clock, 'monotonic'>;
  /** Sites at which a document is in force. */
  sites: () => Promise<Iterable<SiteId>>;
  active: (site: SiteId) => Promise<{ layers: readonly WatchLayer[] } | undefined>;
  placed: (layers: readonly WatchLayer[]) => Promise<PlacedLayer[]>;
  devices: (sites: readonly SiteId[]) => Promise<PlacedDevice[]>;
  describe: (devices: readonly DeviceId[]) => Promise<DeviceWords>;
}

/** Documents are read again this often: they have half a megabyte, and nobody waits for a bucket. */
const KEPT_MS = 60_000;

const says = ({ settings }: WatchLayer): boolean => settings.presence !== undefined || settings.health !== undefined;

export class SiteWords {
  readonly #deps: SiteWordsDeps;
  #known: ReadonlyMap<DeviceId, SiteWord> = new Map();
  #readAt = Number.NEGATIVE_INFINITY;

  constructor(deps: SiteWordsDeps) {
    this.#deps = deps;
  }

  /** Devices of sites of which no layer says anything are left out. */
  async read(): Promise<ReadonlyMap<DeviceId, SiteWord>> {
    const { clock, sites } = this.#deps;
    if (clock.monotonic() - this.#readAt < KEPT_MS) return this.#known;
    const words = new Map<DeviceId, SiteWord>();
    for (const site of await sites()) await this.#readSite(site, words);
    this.#known = words;
    this.#readAt = clock.monotonic();
    return words;
  }

  async #readSite(site: SiteId, words: Map<DeviceId, SiteWord>): Promise<void> {
    const layers = (await this.#deps.active(site))?.layers.filter(says) ?? [];
    if (layers.length === 0) return;
    const placed = await this.#deps.placed(layers);
    const devices = await this.#deps.devices([site]);
    const told = await this.#deps.describe(devices.map(({ id }) => id));
    const resolver = new SettingsResolver([], layers);
    for (const device of devices) {
      const { groups = [], presence: shipped = 'always-on' as const } = told.get(device.id) ?? {};
      const member = { device: device.id, layers: layersOf(device, groups, placed) };
      const { presence, health: bounds } = resolver.of(member, shipped);
      words.set(device.id, { presence, bounds });
    }
  }
}
