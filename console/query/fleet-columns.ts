// The whole fleet for the browser: the rows a viewer may see as parallel arrays, texts that repeat once in a dictionary.
import { createHash } from 'node:crypto';
import type { ColumnsPart, DeviceColumns, LATER_COLUMNS } from '#shared/contract/device-columns.ts';
import type { FleetRows, NumberColumn, TextColumnName, WordColumn } from './fleet-rows.ts';
import type { GroupState } from './group-members.ts';

/** Gives each number that is met the next place in a list of its own, -1 for what stands for nothing. */
class Renumbered<T> {
  readonly list: T[] = [];
  readonly #places = new Map<number, number>();
  readonly #make: (number: number) => T | undefined;

  constructor(make: (number: number) => T | undefined) {
    this.#make = make;
  }

  placeOf(number: number): number {
    const known = this.#places.get(number);
    if (known !== undefined) return known;
    const made = this.#make(number);
    const place = made === undefined ? -1 : this.list.push(made) - 1;
    this.#places.set(number, place);
    return place;
  }
}

/** What people see and sort by, and nothing finer: digits that nobody reads are a tenth of the bytes. */
const ROUNDED: Partial<Record<NumberColumn, (value: number) => number>> = {
  // A tenth of a percent.
  cpu: (share) => Math.round(share * 1e3) / 1e3,
  memory: (share) => Math.round(share * 1e3) / 1e3,
  disk: (share) => Math.round(share * 1e3) / 1e3,
  load: (load) => Math.round(load * 1e2) / 1e2,
  rx: threeDigits,
  tx: threeDigits,
  // Seconds of what has just begun, minutes of the rest.
  uptime: (ms) => Math.floor(ms / (ms < HOUR_MS ? 1_000 : 60_000)) * (ms < HOUR_MS ? 1_000 : 60_000),
};
const HOUR_MS = 3_600_000;

/** 1,234,567 is 1,230,000. */
function threeDigits(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 2);
  return Math.round(value / unit) * unit;
}

interface ColumnsOf {
  rows: FleetRows;
  groups: readonly GroupState[];
  /** By name. */
  found: readonly number[];
  now: number;
  part?: ColumnsPart;
}

export function columnsOf({ rows, groups, found, now, part = 'with' }: ColumnsOf): DeviceColumns {
  const words = new Renumbered((number) => (number === 0 ? undefined : rows.words.texts[number]));
  const told = part === 'alone' ? [] : found;
  const read = part === 'later' ? [] : found;
  const ids = rows.texts.id.text;
  return {
    now,
    isByName: true,
    rows: createHash('sha256')
      .update(found.map((row) => ids[row]).join())
      .digest('base64url'),
    ...toldOf(rows, part === 'alone' ? [] : groups, told, words),
    ...laterOf(rows, read, words),
    words: words.list,
  };
}

type Words = Renumbered<string>;

const wordsOf = (rows: FleetRows, found: readonly number[], words: Words, column: WordColumn): number[] =>
  found.map((row) => words.placeOf(rows.word[column][row] ?? 0));

function numbersOf(rows: FleetRows, found: readonly number[], column: NumberColumn): Array<number | null> {
  const values = rows.numbers[column];
  const round = ROUNDED[column];
  return found.map((row) => knownNumber(values[row], round));
}

const wholeOf = (rows: FleetRows, found: readonly number[], column: NumberColumn): number[] =>
  found.map((row) => rows.numbers[column][row] ?? 0);

const textsOf = (rows: FleetRows, found: readonly number[], column: TextColumnName): string[] =>
  found.map((row) => rows.texts[column].text[row] ?? '');

const textsOrNull = (rows: FleetRows, found: readonly number[], column: TextColumnName): Array<string | null> =>
  textsOf(rows, found, column).map((one) => one || null);

/** What is told of a device, and changes when somebody says so or its status does. */
function toldOf(rows: FleetRows, groups: readonly GroupState[], found: readonly number[], words: Words) {
  const sites = new Renumbered((place) => siteEntry(rows, place));
  const relays = new Renumbered((place) => relayEntry(rows, place));
  const tagSets = new Renumbered((set): string[] => rows.pools.tag.textsOf(set));
  const memberships = new GroupSets(groups);
  const word = (column: WordColumn): number[] => wordsOf(rows, found, words, column);
  const text = (column: TextColumnName): string[] => textsOf(rows, found, column);
  const columns = {
    id: text('id') as DeviceColumns['id'], // ids as the database has them
    name: text('name'),
    address: text('address'),
    port: numbersOf(rows, found, 'port'),
    site: found.map((row) => sites.placeOf(rows.site[row] ?? -1)),
    relay: found.map((row) => relays.placeOf(rows.relay[row] ?? -1)),
    transport: word('transport'),
    status: word('status'),
    statusReason: word('reason'),
    intervalMs: wholeOf(rows, found, 'interval'),
    system: word('system'),
    type: word('type'),
    tags: found.map((row) => tagSets.placeOf(rows.set.tag[row] ?? 0)),
    groupSet: found.map((row) => memberships.placeOf(row)),
    isSimulated: found.map((row) => (rows.textOf('simulated', row) === 'yes' ? 1 : 0) as 0 | 1), // the literal types
  } satisfies Partial<DeviceColumns>;
  return {
    sites: sites.list,
    relays: relays.list,
    groups: groups.map(({ id, name }) => ({ id, name })) as DeviceColumns['groups'], // ids as the database has them
    tagSets: tagSets.list,
    groupSets: memberships.sets,
    ...columns,
  };
}

/** What moves with every poll, and what few look for. */
const laterOf = (rows: FleetRows, found: readonly number[], words: Words) =>
  ({
    hostname: textsOrNull(rows, found, 'hostname'),
    os: wordsOf(rows, found, words, 'os'),
    user: wordsOf(rows, found, words, 'person'),
    serial: textsOrNull(rows, found, 'serial'),
    statusAt: numbersOf(rows, found, 'statusAt'),
    addedAt: wholeOf(rows, found, 'added'),
    polledAt: numbersOf(rows, found, 'polled'),
    cpu: numbersOf(rows, found, 'cpu'),
    memory: numbersOf(rows, found, 'memory'),
    disk: numbersOf(rows, found, 'disk'),
    mount: wordsOf(rows, found, words, 'mount'),
    load: numbersOf(rows, found, 'load'),
    uptimeMs: numbersOf(rows, found, 'uptime'),
    rx: numbersOf(rows, found, 'rx'),
    tx: numbersOf(rows, found, 'tx'),
  }) satisfies Pick<DeviceColumns, (typeof LATER_COLUMNS)[number]>;

const knownNumber = (value: number | undefined, round: ((value: number) => number) | undefined): number | null => {
  if (value === undefined || !Number.isFinite(value)) return null;
  return round === undefined ? value : round(value);
};

function siteEntry(rows: FleetRows, place: number): DeviceColumns['sites'][number] | undefined {
  const site = rows.sites.at(place);
  if (site === undefined) return undefined;
  const { id, name, customerId, customerName } = site;
  return { id, name, customerId, customerName } as DeviceColumns['sites'][number]; // ids as the database has them
}

function relayEntry(rows: FleetRows, place: number): DeviceColumns['relays'][number] | undefined {
  const relay = rows.relays.at(place);
  return relay === undefined ? undefined : ({ id: relay.id, name: relay.name } as DeviceColumns['relays'][number]); // likewise
}

/** Distinct sets of groups, as places in the list of groups. */
class GroupSets {
  readonly sets: number[][] = [];
  readonly #groups: readonly GroupState[];
  readonly #places = new Map<string, number>();

  constructor(groups: readonly GroupState[]) {
    this.#groups = groups;
  }

  placeOf(row: number): number {
    const set: number[] = [];
    for (const [place, { members }] of this.#groups.entries()) if (members[row] === 1) set.push(place);
    const key = set.join(',');
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.sets.push(set) - 1;
    this.#places.set(key, place);
    return place;
  }
}
