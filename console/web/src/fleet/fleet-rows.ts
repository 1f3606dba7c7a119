// The arrays of the fleet: one per field, one place per device. Numbers lie in typed arrays, NaN is unknown.
import type { z } from 'zod';
import type { DeviceColumns } from '#shared/contract/device-columns.ts';
import type { DeviceStatus } from '#shared/model/device.ts';
import { isAway } from '#shared/model/device-words.ts';
import { NONE, Words } from './words.ts';

/** The API's answer; ids are plain texts here. */
export type FleetAnswer = z.input<typeof DeviceColumns>;

/** Trouble first: what is well can wait. A row names its status by the place in here. */
export const STATUS_ORDER = ['down', 'identity-changed', 'unknown', 'up'] as const satisfies readonly DeviceStatus[];

const CODE_OF: ReadonlyMap<string, number> = new Map(STATUS_ORDER.map((status, code) => [status, code]));
const UNKNOWN = STATUS_ORDER.indexOf('unknown');

export const GLANCE_FIELDS = ['cpu', 'memory', 'disk', 'load', 'uptime', 'rx', 'tx'] as const;

/**
 * Loops and constructors: `from` walks an iterator, which takes ten times as long. `size` counts rows: readings that come
 * later are not known yet.
 */
function numbers(values: ReadonlyArray<number | null>, size = values.length): Float64Array {
  const made = new Float64Array(size).fill(Number.NaN);
  for (let row = 0; row < values.length; row += 1) made[row] = values[row] ?? Number.NaN;
  return made;
}

function places(values: readonly number[], size: number): Int32Array {
  const made = new Int32Array(size).fill(NONE);
  made.set(values);
  return made;
}

function texts(values: ReadonlyArray<string | null>, size = values.length): string[] {
  return values.length === size ? values.map((value) => value ?? '') : new Array<string>(size).fill('');
}

export function fleetRows(answer: FleetAnswer) {
  const words = new Words(answer.words);
  const codes = answer.words.map((word) => CODE_OF.get(word) ?? UNKNOWN);
  const size = answer.id.length;
  return {
    size,
    /** Two answers of the same one hold the same devices in the same order. */
    list: answer.rows,
    isByName: answer.isByName,
    words,
    sites: answer.sites,
    relays: answer.relays,
    groups: answer.groups,
    tagSets: answer.tagSets,
    groupSets: answer.groupSets,
    id: answer.id,
    name: answer.name,
    address: answer.address,
    hostname: texts(answer.hostname, size),
    serial: texts(answer.serial, size),
    port: numbers(answer.port),
    site: new Int32Array(answer.site),
    relay: new Int32Array(answer.relay),
    transport: new Int32Array(answer.transport),
    system: new Int32Array(answer.system),
    type: new Int32Array(answer.type),
    os: places(answer.os, size),
    user: places(answer.user, size),
    tags: new Int32Array(answer.tags),
    groupSet: new Int32Array(answer.groupSet),
    isSimulated: new Uint8Array(answer.isSimulated),
    status: new Uint8Array(answer.status.map((place) => codes[place] ?? UNKNOWN)),
    reason: new Int32Array(answer.statusReason),
    intervalMs: numbers(answer.intervalMs),
    statusAt: numbers(answer.statusAt, size),
    added: numbers(answer.addedAt, size),
    polled: numbers(answer.polledAt, size),
    cpu: numbers(answer.cpu, size),
    memory: numbers(answer.memory, size),
    disk: numbers(answer.disk, size),
    mount: places(answer.mount, size),
    load: numbers(answer.load, size),
    uptime: numbers(answer.uptimeMs, size),
    rx: numbers(answer.rx, size),
    tx: numbers(answer.tx, size),
    /** Counts the changes of a row: what is drawn of it compares this alone. */
    stamp: new Uint32Array(answer.id.length),
  };
}
export type FleetRows = ReturnType<typeof fleetRows>;

const nothing: FleetAnswer = {
  ...{ now: 0, isByName: true, rows: '', sites: [], relays: [], groups: [], words: [], tagSets: [], groupSets: [] },
  ...{ id: [], name: [], address: [], port: [], hostname: [], serial: [], site: [], relay: [] },
  ...{ transport: [], status: [], statusReason: [], system: [], type: [], os: [], user: [], tags: [], groupSet: [] },
  ...{ isSimulated: [], intervalMs: [], statusAt: [], addedAt: [], polledAt: [] },
  ...{ cpu: [], memory: [], disk: [], mount: [], load: [], uptimeMs: [], rx: [], tx: [] },
};
export const noRows = (): FleetRows => fleetRows(nothing);

/** Takes over what the feed said after the answer was made: a list takes nothing back. */
export function keepNewer(rows: FleetRows, former: FleetRows, formerRow: (id: string) => number | undefined): void {
  if (former.size === 0) return;
  for (let row = 0; row < rows.size; row += 1) {
    const from = formerRow(rows.id[row] ?? '');
    if (from === undefined) continue;
    rows.stamp[row] = (former.stamp[from] ?? 0) + 1;
    if (timeOf(former.polled[from]) > timeOf(rows.polled[row])) {
      for (const field of [...GLANCE_FIELDS, 'polled'] as const) rows[field][row] = former[field][from] ?? Number.NaN;
      rows.mount[row] = rows.words.placeOf(former.words.at(former.mount[from]));
    }
    if (timeOf(former.statusAt[from]) > timeOf(rows.statusAt[row])) {
      rows.status[row] = former.status[from] ?? 0;
      rows.statusAt[row] = former.statusAt[from] ?? Number.NaN;
      rows.reason[row] = rows.words.placeOf(former.words.at(former.reason[from]));
    }
  }
}

export const hasReadings = (answer: FleetAnswer): boolean => answer.cpu.length === answer.id.length;

/** Takes the readings that came after the rows; false when they are of other rows. What the feed said meanwhile stays. */
export function takeReadings(rows: FleetRows, answer: FleetAnswer): boolean {
  if (answer.rows !== rows.list || answer.cpu.length !== rows.size) return false;
  const { polled, stamp, mount, words } = rows;
  // One array after the other: a loop over many at once takes several times as long.
  const answered = numbers(answer.polledAt);
  const isHeard = polled.map((at, row) => (timeOf(at) > timeOf(answered[row]) ? 1 : 0));
  rows.added.set(numbers(answer.addedAt));
  for (let row = 0; row < rows.size; row += 1) if (isHeard[row] === 0) polled[row] = answered[row] ?? Number.NaN;
  for (const field of GLANCE_FIELDS) {
    const [into, from] = [rows[field], answer[field === 'uptime' ? 'uptimeMs' : field]];
    for (let row = 0; row < rows.size; row += 1) if (isHeard[row] === 0) into[row] = from[row] ?? Number.NaN;
  }
  const places = answer.words.map((text) => words.placeOf(text));
  takeTold(rows, answer, places);
  for (let row = 0; row < rows.size; row += 1) {
    if (isHeard[row] === 0) mount[row] = places[answer.mount[row] ?? NONE] ?? NONE;
    stamp[row] = (stamp[row] ?? 0) + 1;
  }
  return true;
}

/** What was told of them with the readings; a status that the feed told meanwhile has a time of its own. */
function takeTold(rows: FleetRows, answer: FleetAnswer, places: readonly number[]): void {
  const { hostname, os, user, serial, statusAt, size } = rows;
  for (let row = 0; row < size; row += 1) hostname[row] = answer.hostname[row] ?? '';
  for (let row = 0; row < size; row += 1) os[row] = places[answer.os[row] ?? NONE] ?? NONE;
  for (let row = 0; row < size; row += 1) user[row] = places[answer.user[row] ?? NONE] ?? NONE;
  for (let row = 0; row < size; row += 1) serial[row] = answer.serial[row] ?? '';
  for (let row = 0; row < size; row += 1)
    if (Number.isNaN(statusAt[row])) statusAt[row] = answer.statusAt[row] ?? Number.NaN;
}

/** What never was is older than all. */
export const timeOf = (at: number | undefined): number => (at === undefined || Number.isNaN(at) ? -1 : at);

export const statusOf = (rows: FleetRows, row: number): DeviceStatus =>
  STATUS_ORDER[rows.status[row] ?? UNKNOWN] ?? 'unknown';

export const isAwayRow = (rows: FleetRows, row: number): boolean =>
  isAway({ status: statusOf(rows, row), statusReason: rows.words.at(rows.reason[row]) });

/** "10.0.0.5:22". */
export function addressOf(rows: FleetRows, row: number): string {
  const port = rows.port[row] ?? Number.NaN;
  const address = rows.address[row] ?? '';
  return Number.isNaN(port) ? address : `${address}:${port}`;
}

export const tagsOf = (rows: FleetRows, row: number): readonly string[] => rows.tagSets[rows.tags[row] ?? -1] ?? [];
const groupPlaces = (rows: FleetRows, row: number): readonly number[] => rows.groupSets[rows.groupSet[row] ?? -1] ?? [];
/** Their names. */
export const groupsOf = (rows: FleetRows, row: number): readonly string[] =>
  groupPlaces(rows, row).map((place) => rows.groups[place]?.name ?? '');
export const groupIdsOf = (rows: FleetRows, row: number): readonly string[] =>
  groupPlaces(rows, row).map((place) => rows.groups[place]?.id ?? '');
