// What people keep of the made-up fleet: tags, groups, views, forgotten devices. It changes as the real one would, and is gone with the fixture.
import { ORPCError } from '@orpc/server';
import { termsOf } from '#shared/base/filter/filter.ts';
import { parseFilter } from '#shared/base/filter/parse-filter.ts';
import { GroupId, ViewId } from '#shared/base/id.ts';
import { type ColumnsPart, type DeviceColumns, LATER_COLUMNS } from '#shared/contract/device-columns.ts';
import type { GroupSummary, SavedView } from '#shared/contract/group-contract.ts';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import { GLANCE_READINGS, glanceOfReadings } from '#shared/model/glance.ts';
import { sites as sitesOf } from './fixture-estate.ts';
import { device, relayId } from './fixture-fleet.ts';

const idOf = (kind: string, n: number) => `01890000-0000-7000-${kind}-${n.toString(16).padStart(12, '0')}`;
const groupId = (n: number) => GroupId.parse(idOf('8c00', n));
const GLANCE_NAMES: ReadonlySet<string> = new Set(GLANCE_READINGS);
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** The fleet's devices stand at these. */
const FLEET_SITES = 4;

interface Group {
  id: GroupId;
  name: string;
  kind: 'hand' | 'rule';
  members: Set<string>;
}

/** Places of distinct values, made as they are met. */
class Places<T> {
  readonly distinct: T[] = [];
  readonly #places = new Map<string, number>();

  place(value: T): number {
    const key = JSON.stringify(value);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.distinct.length);
    return this.distinct.push(value) - 1;
  }
}

const isReading = (name: string) => LATER_COLUMNS.some((one) => one === name);

/** As the console does it, but that all words stand in both parts. */
function partOf(whole: DeviceColumns, part: ColumnsPart): DeviceColumns {
  const isEmpty = (name: string) => part !== 'with' && name !== 'words' && isReading(name) === (part === 'later');
  const entries = Object.entries(whole).map(([name, list]) => [name, Array.isArray(list) && isEmpty(name) ? [] : list]);
  return Object.fromEntries(entries) as DeviceColumns; // the same members, some of them empty
}

export class FixtureKept {
  readonly size: number;
  readonly #removed = new Set<string>();
  /** Of devices whose tags were changed. */
  readonly #tags = new Map<string, string[]>();
  readonly #groups: Group[];
  #views: SavedView[] = [];
  #made = 0;

  constructor(size: number) {
    this.size = size;
    const group = (n: number, name: string, kind: Group['kind']): Group => ({
      ...{ id: groupId(n), name, kind },
      members: new Set(this.#ids().filter((_, place) => place % (n + 3) === 0)),
    });
    this.#groups = [group(0, 'Web servers', 'rule'), group(1, 'Pilot ring', 'hand'), group(2, 'Backup', 'hand')];
  }

  columns(now: number, part: ColumnsPart): DeviceColumns {
    const devices = Array.from({ length: this.size }, (_, n) => device(n, now, GLANCE_NAMES)).filter(
      ({ id }) => !this.#removed.has(id),
    );
    const [words, tagSets, groupSets] = [new Places<string>(), new Places<string[]>(), new Places<number[]>()];
    const word = (text: string | null) => (text === null || text === '' ? -1 : words.place(text));
    const sites = sitesOf({ devices: this.size, sites: FLEET_SITES }, now).map(
      ({ id, name, customerId, customerName }) => ({ id, name, customerId, customerName }),
    );
    const glances = devices.map(({ latest }) =>
      glanceOfReadings(latest.map((one) => ({ ...one, value: one.value ?? undefined }))),
    );
    const of = <T>(read: (one: (typeof devices)[number]) => T): T[] => devices.map(read);
    const glance = (read: (one: (typeof glances)[number]) => number) => glances.map((one) => finite(read(one)));
    const columns = {
      ...{
        now,
        isByName: false,
        rows: 'fixture',
        sites,
        relays: sites.map((_, n) => ({ id: relayId(n), name: `relay-${n}` })),
      },
      groups: this.#groups.map(({ id, name }) => ({ id, name })),
      ...{ id: of(({ id }) => id), name: of(({ name }) => name), address: of(({ address }) => address) },
      ...{ port: of(({ port }) => port), hostname: of(({ hostname }) => hostname), serial: of(({ serial }) => serial) },
      site: of((one) => sites.findIndex(({ id }) => id === one.siteId)),
      relay: of((one) => sites.findIndex(({ id }) => id === one.siteId)),
      ...{ transport: of((one) => word(one.transport)), status: of((one) => word(one.status)) },
      ...{ statusReason: of((one) => word(one.statusReason)), system: of((one) => word(one.system)) },
      ...{ type: of((one) => word(one.type)), os: of((one) => word(one.os)), user: of(() => word('ada')) },
      tags: of((one) => tagSets.place(this.#tags.get(one.id) ?? one.tags)),
      groupSet: of((one) => groupSets.place(this.#groupsOf(one.id))),
      isSimulated: of((one): 0 | 1 => (one.isSimulated ? 1 : 0)),
      ...{ intervalMs: of((one) => one.intervalMs), statusAt: of((one) => one.statusAt) },
      ...{ addedAt: of((one) => one.createdAt), polledAt: of((one) => one.polledAt) },
      ...{ cpu: glance((one) => one.cpu), memory: glance((one) => one.memory), disk: glance((one) => one.disk) },
      mount: glances.map((one) => word(one.mount)),
      ...{ load: glance((one) => one.load), uptimeMs: glance((one) => one.uptime) },
      ...{ rx: glance((one) => one.rx), tx: glance((one) => one.tx) },
    };
    const whole = { ...columns, words: words.distinct, tagSets: tagSets.distinct, groupSets: groupSets.distinct };
    return partOf(whole, part);
  }

  groups(): GroupSummary[] {
    return this.#groups.map(({ id, name, kind, members }) => ({
      ...{ id, name, kind, description: '', rule: kind === 'rule' ? 'name:web' : null, parentId: null },
      ...{ isShipped: false, devices: members.size, fault: null, createdAt: 0 },
    }));
  }

  changeMembers(id: string, add: readonly string[], remove: readonly string[]): { added: number; removed: number } {
    const group = this.#groups.find((one) => one.id === id);
    if (group === undefined) throw new ORPCError('NOT_FOUND', { status: 404, message: `no group ${id}` });
    const before = group.members.size;
    for (const one of add) group.members.add(one);
    const added = group.members.size - before;
    for (const one of remove) group.members.delete(one);
    return { added, removed: before + added - group.members.size };
  }

  tags(): Array<{ tag: string; devices: number }> {
    const counts = new Map<string, number>();
    for (const id of this.#ids()) for (const tag of this.tagsOf(id)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    return [...counts].map(([tag, devices]) => ({ tag, devices }));
  }

  changeTags(devices: readonly string[], add: readonly string[], remove: readonly string[]): { devices: number } {
    for (const id of devices)
      this.#tags.set(
        id,
        [...new Set([...this.tagsOf(id), ...add])].filter((tag) => !remove.includes(tag)),
      );
    return { devices: devices.length };
  }

  remove(devices: readonly string[]): { removed: number } {
    for (const id of devices) this.#removed.add(id);
    return { removed: devices.length };
  }

  views(): SavedView[] {
    return this.#views;
  }

  addView(view: Pick<SavedView, 'page' | 'name' | 'search' | 'isShared'>): SavedView {
    this.#made += 1;
    const made = { ...view, id: ViewId.parse(idOf('8d00', this.#made)), isOwn: true, createdAt: 0 };
    this.#views = [...this.#views, made];
    return made;
  }

  removeView(id: string): { removed: true } {
    this.#views = this.#views.filter((view) => view.id !== id);
    return { removed: true };
  }

  /** Only what no column of the fleet page holds: of `software:nginx` every third device fits. */
  idsFitting(q: string): string[] {
    if (q.startsWith('id:')) return this.#ids().filter((id) => q.includes(id));
    const parsed = parseFilter(q, FLEET_FIELDS);
    const isRemote = parsed.ok && termsOf(parsed.filter).some((term) => 'field' in term && term.field === 'software');
    return this.#ids().filter((_, place) => isRemote && place % 3 === 0);
  }

  #ids(): string[] {
    return Array.from({ length: this.size }, (_, n) => idOf('8000', n)).filter((id) => !this.#removed.has(id));
  }

  tagsOf(id: string): string[] {
    return this.#tags.get(id) ?? device(Number.parseInt(id.slice(-12), 16), 0, new Set()).tags;
  }

  #groupsOf(id: string): number[] {
    return this.#groups.flatMap(({ members }, place) => (members.has(id) ? [place] : []));
  }
}

/** The head of what was asked and what fits, as the console's own export begins. */
export const exportFile = (format: string, columns: string, q: string): File =>
  new File([`${columns}\n${q}\n`], `devices.${format}`, { type: format === 'csv' ? 'text/csv' : 'application/zip' });
