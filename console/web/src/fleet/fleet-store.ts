// The fleet in columns, one array per field: ten thousand live devices cost no object per row and one notice per frame.

import { valuesOf } from '#console/web/src/live/latest.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { DeviceSummary } from '#shared/contract/device-contract.ts';
import type { Change, GlancesChange } from '#shared/model/change.ts';
import type { DeviceStatus } from '#shared/model/device.ts';
import { type Glance, glanceOf } from '#shared/model/glance.ts';
import { emptyColumns, type FleetColumns } from './fleet-arrays.ts';
import { type FleetQuery, toFleetQuery } from './fleet-query.ts';
import { TextRanks, viewOf } from './fleet-view.ts';

/** The API's answer; ids are plain texts here. */
export type FleetItem = Omit<DeviceSummary, 'id' | 'siteId' | 'relayId'> & { id: string };

/** Rows that jump while one reads them are worse than an order some seconds old. */
const RESORT_MS = 5_000;

interface FleetDeps {
  /** Calls back once, at the next frame. */
  frame: (callback: () => void) => void;
  now: () => number;
}

export class FleetStore {
  readonly columns: FleetColumns = emptyColumns();
  readonly #deps: FleetDeps;
  readonly #rowOf = new Map<string, number>();
  readonly #listeners = new Set<() => void>();
  /** The one asked for last; compared by identity. */
  #query: FleetQuery = toFleetQuery({});
  readonly #ranks = new TextRanks();
  #view: readonly number[] = [];
  /** Which parts of the view may no longer hold: all at once, or only its order by live numbers. */
  #dirty: 'no' | 'order' | 'yes' = 'no';
  #sortedAt = 0;
  #version = 0;
  #isScheduled = false;

  constructor(deps: FleetDeps) {
    this.#deps = deps;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
  readonly version = (): number => this.#version;

  get size(): number {
    return this.columns.id.length;
  }

  rowOf(id: string): number | undefined {
    return this.#rowOf.get(id);
  }

  /** Rows that fit the query, in its order; the same list until something moved. */
  view(query: FleetQuery): readonly number[] {
    const now = this.#deps.now();
    if (query !== this.#query) {
      this.#query = query;
      this.#dirty = 'yes';
    }
    if (this.#dirty === 'yes' || (this.#dirty === 'order' && now - this.#sortedAt >= RESORT_MS)) {
      this.#view = viewOf(this.columns, this.#query, this.#ranks);
      this.#dirty = 'no';
      this.#sortedAt = now;
    }
    return this.#view;
  }

  counts(): Record<DeviceStatus, number> {
    const counts = { up: 0, down: 0, unknown: 0, 'identity-changed': 0 };
    for (const status of this.columns.status) counts[status] += 1;
    return counts;
  }

  /** Takes what the list said; what the feed said later stays. */
  put(items: readonly FleetItem[]): void {
    for (const item of items) this.#putOne(item);
    this.#ranks.forget();
    this.#dirty = 'yes';
    this.#tell();
  }

  /** Forgets devices that a complete list did not name. */
  keepOnly(ids: ReadonlySet<string>): void {
    const keep = this.columns.id.map((id) => ids.has(id));
    if (!keep.includes(false)) return;
    for (const column of Object.values(this.columns)) compact(column, keep);
    this.#rowOf.clear();
    this.#ranks.forget();
    for (const [row, id] of this.columns.id.entries()) this.#rowOf.set(id, row);
    this.#dirty = 'yes';
    this.#tell();
  }

  /** False when the change is of a device that no list has named yet. */
  take(change: Change): boolean {
    if (change.kind === 'glances') return this.#takeGlances(change);
    if (change.kind !== 'metrics' && change.kind !== 'device') return true;
    const row = this.#rowOf.get(change.device);
    if (row === undefined) return false;
    if (change.kind === 'metrics') this.#takeValues(row, change.at, change.values);
    else this.#takeStatus(row, change.at, change.status, change.reason ?? '');
    this.#tell();
    return true;
  }

  #takeGlances({ device, at, mount, ...numbers }: GlancesChange): boolean {
    let areKnown = true;
    for (const [i, id] of device.entries()) {
      const row = this.#rowOf.get(id);
      if (row === undefined) areKnown = false;
      else {
        const glance = { mount: mount[i] ?? '' } as Glance; // the numbers follow
        for (const name of GLANCE) glance[name] = numbers[name][i] ?? Number.NaN;
        this.#takeGlance(row, at[i] ?? 0, glance);
      }
    }
    this.#tell();
    return areKnown;
  }

  #takeValues(row: number, at: number, values: Readonly<Record<string, number>>): void {
    this.#takeGlance(row, at, glanceOf(values));
  }

  #takeGlance(row: number, at: number, glance: Glance): void {
    const { polled } = this.columns;
    const known = polled[row] ?? Number.NaN;
    if (known > at) return;
    polled[row] = at;
    for (const name of GLANCE) this.columns[name][row] = glance[name];
    this.columns.mount[row] = inert(glance.mount);
    if (this.#dirty === 'no' && LIVE_SORTS.has(this.#query.sort)) this.#dirty = 'order';
  }

  #takeStatus(row: number, at: number, status: DeviceStatus, reason: string): void {
    const { columns } = this;
    if ((columns.statusAt[row] ?? 0) > at) return;
    if (columns.status[row] !== status) this.#dirty = 'yes';
    columns.status[row] = status;
    columns.reason[row] = reason;
    columns.statusAt[row] = at;
  }

  #putOne(item: FleetItem): void {
    const { columns } = this;
    const known = this.#rowOf.get(item.id);
    const row = known ?? columns.id.length;
    this.#rowOf.set(item.id, row);
    columns.id[row] = item.id;
    columns.name[row] = item.name;
    columns.site[row] = item.siteName;
    columns.address[row] = item.port === null ? item.address : `${item.address}:${item.port}`;
    columns.text[row] = `${item.name}\n${item.hostname ?? ''}\n${item.siteName}\n${item.address}`.toLowerCase();
    columns.isSimulated[row] = item.isSimulated;
    columns.intervalMs[row] = item.intervalMs;
    if (known === undefined) {
      columns.polled[row] = Number.NaN;
      columns.statusAt[row] = 0;
      columns.mount[row] = '';
      columns.reason[row] = '';
      columns.status[row] = 'unknown';
      for (const name of GLANCE) columns[name][row] = Number.NaN;
    }
    if (item.polledAt !== null) this.#takeValues(row, item.polledAt, valuesOf(item.latest));
    this.#takeStatus(row, item.statusAt ?? 0, item.status, item.statusReason ?? '');
  }

  #tell(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    this.#deps.frame(() => {
      this.#isScheduled = false;
      this.#version += 1;
      for (const listener of this.#listeners) listener();
    });
  }
}

const GLANCE = ['cpu', 'memory', 'disk', 'load', 'rx', 'tx', 'uptime'] as const satisfies ReadonlyArray<keyof Glance>;
const LIVE_SORTS: ReadonlySet<string> = new Set([...GLANCE, 'polled']);

function compact(column: unknown[], keep: readonly boolean[]): void {
  let to = 0;
  for (let from = 0; from < keep.length; from += 1) {
    if (keep[from] !== true) continue;
    column[to] = column[from];
    to += 1;
  }
  column.length = to;
}
