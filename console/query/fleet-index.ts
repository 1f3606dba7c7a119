// The fleet in memory: list, search, counts, columns and the members of groups, kept true by what the other rooms tell.
import type { EstatePlaces } from '#console/access/estate-places.ts';
import { type Scope, seesEverything, seesSite } from '#console/access/scope.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { compileFilter } from '#shared/base/filter/compile-filter.ts';
import { EVERYTHING, type Filter } from '#shared/base/filter/filter.ts';
import { parseFilter } from '#shared/base/filter/parse-filter.ts';
import type { DeviceId, GroupId, SiteId } from '#shared/base/id.ts';
import type { ColumnsPart, DeviceColumns } from '#shared/contract/device-columns.ts';
import type { DeviceFacets } from '#shared/contract/device-contract.ts';
import type { SearchHit } from '#shared/contract/system-contract.ts';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import type { Glance } from '#shared/model/glance.ts';
import type { StateRecord } from '#shared/model/record.ts';
import { digestFact, isReadKind } from './device-facts.ts';
import { fleetAccess } from './fleet-access.ts';
import { columnsOf } from './fleet-columns.ts';
import { deviceOf, type FleetDevice } from './fleet-device.ts';
import { facetsOf } from './fleet-facets.ts';
import { FleetOrder, readSort } from './fleet-order.ts';
import { fleetPlaces } from './fleet-places.ts';
import { FleetReader } from './fleet-reader.ts';
import { FleetRows } from './fleet-rows.ts';
import { type SearchScopes, searchFleet } from './fleet-search.ts';
import { type SelectedDevice, type Selection, selectDevices, selectOne } from './fleet-selection.ts';
import { GroupMembers, type GroupState } from './group-members.ts';
import { faultOf, type GroupRecord } from './group-plan.ts';
import { NameOrder } from './name-order.ts';
import type { Site } from './places.ts';
import { readScope } from './scope-reader.ts';
import { visibleRows } from './visible-rows.ts';

/** Changed rows find their groups this often; readers of the index never wait for it. */
const ROWS_MS = 250;
/** Rules over readings and ages are asked again this often, or more seldom where that would cost a tenth of a core. */
const LIVE_MS = 1_000;
const LIVE_COST = 10;

export interface MembershipChange {
  site: SiteId;
  device: DeviceId;
  /** All groups it is in now. */
  groups: readonly GroupId[];
}

export interface GroupSize {
  id: string;
  devices: number;
  /** Why the group has no members, in words for people. */
  fault: string | null;
}

export interface StoredFact {
  device: DeviceId;
  kind: string;
  hash: string;
  body: string;
}

interface FleetIndexDeps {
  store: Pick<Store, 'db'>;
  clock: Clock;
  /** Told within 2 s of a change; after a new rule it may name the whole fleet at once. */
  onMembership?: ((changes: readonly MembershipChange[]) => void) | undefined;
  onFailure: (error: unknown) => void;
}

export class FleetIndex {
  /** For those who read columns themselves, such as the live feed; only the index writes. */
  readonly rows = new FleetRows();
  readonly #members = new GroupMembers(this.rows);
  readonly #byName = new NameOrder(this.rows.texts.name.text);
  readonly #reader: FleetReader;
  readonly #deps: FleetIndexDeps;
  #isLoaded = false;
  #loading: Promise<void> = Promise.resolve();
  /** Rows whose groups are not worked out yet. */
  #dirty = new Set<number>();
  #isAllDirty = false;
  /** Rows whose groups changed and nobody was told. */
  #moved = new Set<number>();
  #version = 0;

  constructor(deps: FleetIndexDeps) {
    this.#deps = deps;
    this.#reader = new FleetReader({
      db: () => deps.store.db,
      rows: this.rows,
      onRow: (row) => {
        this.#dirty.add(row);
        this.#version += 1;
      },
      onPlaces: () => {
        this.#version += 1;
      },
      onGroups: (groups) => {
        this.#members.replace(groups);
        this.#isAllDirty = true;
        this.#version += 1;
      },
      onFailure: deps.onFailure,
    });
  }

  /** Reads everything; before it is done every question is answered `unavailable`, and changes may be told already. */
  load(): Promise<void> {
    this.#loading = this.#load();
    return this.#loading;
  }

  async #load(): Promise<void> {
    await this.#reader.readAll();
    this.#isLoaded = true;
    this.#refresh();
    this.#moved.clear();
    this.#reader.start();
  }

  /** Keeps groups true and tells of changes until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#deps;
    let liveAt = clock.monotonic() + LIVE_MS;
    while (!signal.aborted) {
      await clock.sleep(ROWS_MS, signal).catch(() => undefined); // only the signal rejects a sleep
      if (!this.#isLoaded) continue;
      this.#reader.start();
      this.#refresh();
      const began = clock.monotonic();
      if (began >= liveAt) {
        this.#refreshLive();
        const costMs = clock.monotonic() - began;
        liveAt = began + Math.max(LIVE_MS, costMs * LIVE_COST);
      }
      this.#tell();
    }
  }

  /** Everything said so far stands in the index: what a request wrote, its answer shows. */
  async settled(): Promise<void> {
    // Whoever loads it hears of a failure.
    await this.#loading.catch(() => undefined);
    await this.#reader.settled();
  }

  // What the other rooms tell, each after its commit.

  /** Made, changed, retagged, put into a group by hand, moved or removed: their rows are read again. */
  onDevicesChanged(ids: Iterable<string>): void {
    this.#reader.readDevicesAgain(ids);
  }

  /** Names of sites or customers, or which customer a site belongs to. */
  onSitesChanged(): void {
    this.#reader.readAgain('sites');
  }

  onRelaysChanged(): void {
    this.#reader.readAgain('relays');
  }

  /** Groups made, changed or removed; members by hand are told of by `onDevicesChanged`. */
  onGroupsChanged(): void {
    this.#reader.readAgain('groups');
  }

  onStates(states: readonly StateRecord[]): void {
    for (const { device, status, reason, detail, at } of states) {
      const row = this.#touch(device);
      if (row === undefined) continue;
      const told = { statusReason: reason ?? null, statusDetail: detail ?? null, statusAt: at };
      this.rows.writeStatus(row, { status, ...told });
    }
  }

  /** Facts whose content is new. */
  onFacts(facts: readonly StoredFact[]): void {
    for (const { device, kind, hash, body } of facts) {
      const row = isReadKind(kind) ? this.#touch(device) : undefined;
      const digest = row !== undefined && isReadKind(kind) ? digestFact(kind, body) : undefined;
      if (row === undefined || digest === undefined) continue;
      this.rows.writeFact(row, digest, hash);
      // The devices room writes the same name to the device in the same transaction.
      if (digest.kind === 'os' && digest.hostname !== '') this.rows.writeHostname(row, digest.hostname);
    }
  }

  /** At 2,500 polls a second: numbers alone, groups that ask for them follow by the second. */
  onGlance(device: DeviceId, at: number, glance: Glance): void {
    const row = this.rows.rowOf(device);
    if (row !== undefined) this.rows.writeGlance(row, at, glance);
  }

  // What people ask.

  /** The estate as rights ask of it. */
  get places(): EstatePlaces {
    this.#ready();
    return fleetPlaces(this.rows, this.#members.groups);
  }

  /** Where a right leads now; whoever has just written something waits for `settled` first. */
  readScope(scope: Scope): Scope {
    if (scope.kind !== 'claim') return scope;
    this.#ready();
    return readScope({ rows: this.rows, groups: this.#members.groups }, scope);
  }

  /** Throws `bad-request` for a filter, an order or a cursor that does not read. */
  list(
    scope: Scope,
    query: {
      filter?: string | undefined;
      sort?: string;
      cursor?: string | undefined;
      limit: number;
      siteId?: string | undefined;
    },
  ): { items: FleetDevice[]; nextCursor: string | null; total: number } {
    const found = this.#find(scope, query.filter, query.siteId);
    const order = new FleetOrder(this.rows, readSort(query.sort ?? 'name'));
    const { rows, nextCursor } = order.page(found, query.limit, query.cursor);
    return { items: rows.map((row) => deviceOf(this.rows, this.#members, row)), nextCursor, total: found.length };
  }

  /** Ids of everything that fits, in order. */
  match(scope: Scope, filter: string, sort = 'name'): DeviceId[] {
    const order = new FleetOrder(this.rows, readSort(sort));
    return order.sorted(this.#find(scope, filter)).map((row) => this.#idOf(row));
  }

  /** Sites of which something is seen, by name. */
  sitesSeen(scope: Scope): Array<Pick<Site, 'id' | 'name' | 'customerId' | 'customerName'>> {
    this.#ready();
    // Ids as the database has them.
    const seen = [...this.rows.sites.all()].filter(([, { id }]) => seesSite(scope, id as SiteId));
    return seen.map(([, site]) => site).sort((a, b) => (a.lower < b.lower ? -1 : 1));
  }

  /** Undefined where it is not, or not seen. */
  device(scope: Scope, id: string): FleetDevice | undefined {
    this.#ready();
    const row = this.rows.rowOf(id);
    return row === undefined || !this.#isVisible(scope)(row) ? undefined : deviceOf(this.rows, this.#members, row);
  }

  /** Each kind of thing by its own right. */
  search(scopes: SearchScopes, text: string, limit: number): { hits: SearchHit[]; total: number } {
    this.#ready();
    const { devices, sites, relays } = scopes;
    const parts = {
      rows: this.rows,
      groups: this.#seenGroups(devices),
      isVisible: this.#isVisible(devices),
      // Ids as the database has them.
      isSiteVisible: (site: string) => seesSite(sites, site as SiteId),
      isRelayVisible: (site: string) => seesSite(relays, site as SiteId),
    };
    return searchFleet(parts, text, limit);
  }

  facets(scope: Scope, filter?: string): DeviceFacets {
    return facetsOf(this.rows, this.#members.groups, this.#find(scope, filter));
  }

  columns(scope: Scope, part?: ColumnsPart): DeviceColumns {
    const found = this.#byName.sorted(this.#find(scope, undefined));
    const now = this.#deps.clock.now();
    return columnsOf({ rows: this.rows, groups: this.#seenGroups(scope), found, now, ...(part && { part }) });
  }

  /** Grows with everything that is told of a device but its readings, which move all the time. */
  get version(): number {
    this.#refresh();
    return this.#version;
  }

  /** Every group with the number of its members that are seen. */
  groups(scope: Scope): GroupSize[] {
    const found = this.#find(scope, undefined);
    return this.#members.groups.map(({ id, fault, members }) => ({
      id,
      fault,
      devices: found.reduce((sum, row) => sum + (members[row] ?? 0), 0),
    }));
  }

  /** Whose readings are meant by "fleet", "site:ID", "group:ID" or "customer:ID"; undefined where nothing of it is seen. */
  select(scope: Scope, over: string): Selection | undefined {
    this.#ready();
    return selectDevices(this.rows, this.#members.groups, scope, over);
  }

  selectOne(scope: Scope, id: string): SelectedDevice | undefined {
    this.#ready();
    return selectOne(this.rows, scope, id);
  }

  /** What is wrong with a group before it is saved; a circle is named with its path. Undefined where nothing is. */
  groupFault(candidate: GroupRecord): string | undefined {
    this.#ready();
    return faultOf(candidate, this.#members.records);
  }

  stats(): { devices: number; packages: number; packageLists: number; groups: number; isBehind: boolean } {
    const { software } = this.rows.pools;
    return {
      devices: this.rows.size,
      packages: software.names.size,
      packageLists: software.size,
      groups: this.#members.groups.length,
      isBehind: this.#reader.isBehind,
    };
  }

  #find(scope: Scope, text: string | undefined, siteId?: string): number[] {
    this.#ready();
    const filter = text === undefined ? EVERYTHING : readFilter(text);
    const fits = compileFilter(filter, fleetAccess(this.rows, this.#members.ask), this.#deps.clock.now());
    const isVisible = this.#isVisible(scope);
    const place = siteId === undefined ? undefined : this.rows.sites.placeOf(siteId);
    const found: number[] = [];
    for (let row = 0; row < this.rows.end; row += 1) {
      if (!this.rows.isUsed(row) || !isVisible(row)) continue;
      if (place !== undefined && this.rows.site[row] !== place) continue;
      if (fits(row)) found.push(row);
    }
    return found;
  }

  /** Who sees a part of the fleet knows the groups of that part by name, and no others. */
  #seenGroups(scope: Scope): readonly GroupState[] {
    const { groups } = this.#members;
    if (seesEverything(scope)) return groups;
    const isVisible = this.#isVisible(scope);
    return groups.filter(({ members }) => members.some((isMember, row) => isMember === 1 && isVisible(row)));
  }

  #isVisible(scope: Scope): (row: number) => boolean {
    return visibleRows(this.rows, scope);
  }

  #ready(): void {
    if (!this.#isLoaded)
      throw new AppError('unavailable', 'the console still reads its devices; ask again in a moment');
    this.#refresh();
  }

  #touch(device: string): number | undefined {
    this.#reader.touch(device);
    const row = this.rows.rowOf(device);
    if (row === undefined) return undefined;
    this.#dirty.add(row);
    this.#version += 1;
    return row;
  }

  #onMoved(row: number): void {
    this.#moved.add(row);
    this.#version += 1;
  }

  #refresh(): void {
    if (!this.#isAllDirty && this.#dirty.size === 0) return;
    const some = this.#isAllDirty ? this.rows.everyRow() : this.#dirty;
    this.#dirty = new Set();
    this.#isAllDirty = false;
    this.#members.refresh(some, 'all', this.#deps.clock.now(), (row) => this.#onMoved(row));
  }

  #refreshLive(): void {
    if (!this.#members.hasLive) return;
    this.#members.refresh(this.rows.everyRow(), 'live', this.#deps.clock.now(), (row) => this.#onMoved(row));
  }

  #tell(): void {
    if (this.#moved.size === 0) return;
    const moved = [...this.#moved].filter((row) => this.rows.isUsed(row));
    this.#moved = new Set();
    const changes = moved.map((row) => ({
      site: (this.rows.siteOf(row)?.id ?? '') as SiteId, // as the database has it
      device: this.#idOf(row),
      groups: this.#members.groupsOf(row).map(({ id }) => id as GroupId), // likewise
    }));
    if (changes.length > 0) this.#deps.onMembership?.(changes);
  }

  #idOf(row: number): DeviceId {
    return (this.rows.texts.id.text[row] ?? '') as DeviceId; // as the database has it
  }
}

/** The fleet's filter; throws `bad-request` with the word that does not read. */
export function readFilter(text: string): Filter {
  const parsed = parseFilter(text, FLEET_FIELDS);
  if (parsed.ok) return parsed.filter;
  throw new AppError('bad-request', `the filter does not read at letter ${parsed.from + 1}: ${parsed.message}`);
}
