// Every device of the console as parallel columns: a device is a row number, texts that repeat are numbers of a pool.
import type { DeviceType } from '#shared/model/device.ts';
import { deviceTypeOf, type TypeEvidence } from '#shared/model/device-type.ts';
import type { Glance } from '#shared/model/glance.ts';
import type { FactDigest } from './device-facts.ts';
import { NamePool } from './name-pool.ts';
import { type Relay, RelayPlaces, type Site, SitePlaces } from './places.ts';
import { SetPool } from './set-pool.ts';

/** A device as the database holds it. */
export interface DeviceRecord {
  id: string;
  siteId: string;
  relayId: string | null;
  name: string;
  address: string;
  port: number | null;
  transport: string;
  credential: string | null;
  intervalMs: number;
  isSimulated: boolean;
  status: string;
  statusReason: string | null;
  statusDetail: string | null;
  statusAt: number | null;
  system: string;
  hostname: string | null;
  /** Of the pinned identity: what stands for the serial where the firmware's is not readable. */
  identitySerial: string;
  setType: string | null;
  createdAt: number;
  tags: readonly string[];
  /** Ids of groups it was put into by hand. */
  handGroups: readonly string[];
}

const NUMBERS = [
  'cpu',
  'memory',
  'disk',
  'load',
  'uptime',
  'rx',
  'tx',
  'polled',
  'added',
  'statusAt',
  'interval',
  'port',
] as const;
const WORDS = [
  'status',
  'reason',
  'system',
  'type',
  'os',
  'transport',
  'credential',
  'mount',
  'person',
  'simulated',
] as const;
const SETS = ['tag', 'user', 'software', 'service'] as const;
const TEXTS = ['id', 'name', 'address', 'hostname', 'serial'] as const;
const GLANCE = ['cpu', 'memory', 'disk', 'load', 'uptime', 'rx', 'tx'] as const;
export type NumberColumn = (typeof NUMBERS)[number];
export type WordColumn = (typeof WORDS)[number];
export type SetColumn = (typeof SETS)[number];
export type TextColumnName = (typeof TEXTS)[number];

/** A text of its own per row, beside its lower-case form. */
export class TextColumn {
  readonly text: string[] = [];
  readonly lower: string[] = [];

  set(row: number, text: string): void {
    if (this.text[row] === text) return;
    this.text[row] = text;
    const lower = text.toLowerCase();
    this.lower[row] = lower === text ? text : lower;
  }
}

/** What is remembered of a row beside its columns. */
interface Beside {
  setType: DeviceType | undefined;
  identitySerial: string;
  firmwareSerial: string;
  osEvidence: TypeEvidence | undefined;
  hardwareEvidence: TypeEvidence | undefined;
}

const FIRST_CAPACITY = 256;
const NO_STRINGS: readonly string[] = [];

const record = <K extends string, V>(keys: readonly K[], make: () => V): Record<K, V> =>
  Object.fromEntries(keys.map((key) => [key, make()])) as Record<K, V>; // one entry per key

export class FleetRows {
  readonly sites = new SitePlaces();
  readonly relays = new RelayPlaces();
  readonly words = new NamePool();
  readonly pools: Record<SetColumn, SetPool> = record(SETS, () => new SetPool());
  readonly texts: Record<TextColumnName, TextColumn> = record(TEXTS, () => new TextColumn());
  /** NaN is unknown; times are epoch milliseconds. */
  readonly numbers: Record<NumberColumn, Float64Array>;
  /** Numbers of `words`. */
  readonly word: Record<WordColumn, Int32Array>;
  /** Numbers of sets in `pools`. */
  readonly set: Record<SetColumn, Int32Array>;
  site = new Int32Array(FIRST_CAPACITY);
  /** -1: nobody polls it. */
  relay = new Int32Array(FIRST_CAPACITY);
  /** Of all its interfaces, lower case. */
  readonly addresses: Array<readonly string[]> = [];
  readonly statusDetail: Array<string | null> = [];
  readonly handGroups: Array<readonly string[]> = [];
  readonly #beside: Beside[] = [];
  /** Made when first asked for; '' after a change. */
  readonly #ownTexts: string[] = [];
  readonly #rowOf = new Map<string, number>();
  readonly #free: number[] = [];
  /** Rows ever given out: the end of every walk. */
  end = 0;

  constructor() {
    this.numbers = record(NUMBERS, () => new Float64Array(FIRST_CAPACITY));
    this.word = record(WORDS, () => new Int32Array(FIRST_CAPACITY));
    this.set = record(SETS, () => new Int32Array(FIRST_CAPACITY));
  }

  get size(): number {
    return this.#rowOf.size;
  }

  rowOf(id: string): number | undefined {
    return this.#rowOf.get(id);
  }

  /** Whether the row is a device; freed rows stand between the others until they are used again. */
  isUsed(row: number): boolean {
    return this.texts.id.text[row] !== '';
  }

  /** All rows that are devices. */
  *all(): Generator<number> {
    for (let row = 0; row < this.end; row += 1) if (this.isUsed(row)) yield row;
  }

  /** Freed ones too. */
  *everyRow(): Generator<number> {
    for (let row = 0; row < this.end; row += 1) yield row;
  }

  /** Adds the device or writes over what is known; what facts and polls said of it stays. */
  write(device: DeviceRecord): { row: number; isNew: boolean } {
    const known = this.#rowOf.get(device.id);
    const row = known ?? this.#newRow(device.id);
    const { texts, numbers } = this;
    texts.name.set(row, device.name);
    texts.address.set(row, device.address);
    texts.hostname.set(row, device.hostname ?? '');
    numbers.port[row] = device.port ?? Number.NaN;
    numbers.added[row] = device.createdAt;
    numbers.interval[row] = device.intervalMs;
    this.setWord('transport', row, device.transport);
    this.setWord('credential', row, device.credential ?? '');
    this.setWord('system', row, device.system);
    this.setWord('simulated', row, device.isSimulated ? 'yes' : 'no');
    this.writeStatus(row, device);
    this.site[row] = this.sites.placeOf(device.siteId);
    this.relay[row] = device.relayId === null ? -1 : this.relays.placeOf(device.relayId);
    this.setSet('tag', row, device.tags.join('\n'), () => device.tags);
    this.handGroups[row] = device.handGroups.length === 0 ? NO_STRINGS : device.handGroups;
    const beside = this.#besideOf(row);
    beside.identitySerial = device.identitySerial;
    beside.setType = (device.setType as DeviceType | null) ?? undefined; // written by us alone
    this.#derive(row, beside);
    return { row, isNew: known === undefined };
  }

  writeStatus(row: number, state: Pick<DeviceRecord, 'status' | 'statusReason' | 'statusDetail' | 'statusAt'>): void {
    this.setWord('status', row, state.status);
    this.setWord('reason', row, state.statusReason ?? '');
    this.statusDetail[row] = state.statusDetail;
    this.numbers.statusAt[row] = state.statusAt ?? Number.NaN;
  }

  writeHostname(row: number, hostname: string): void {
    this.texts.hostname.set(row, hostname);
    this.#ownTexts[row] = '';
  }

  /** `hash` names the fact's content, so that equal lists of packages are kept once. */
  writeFact(row: number, fact: FactDigest, hash: string): void {
    const beside = this.#besideOf(row);
    switch (fact.kind) {
      case 'os':
        this.setWord('os', row, fact.name);
        beside.osEvidence = fact.evidence;
        this.#derive(row, beside);
        return;
      case 'hardware':
        beside.firmwareSerial = fact.serial;
        beside.hardwareEvidence = fact.evidence;
        this.#derive(row, beside);
        return;
      case 'network':
        this.addresses[row] = fact.addresses.length === 0 ? NO_STRINGS : fact.addresses;
        this.#ownTexts[row] = '';
        return;
      case 'users':
        this.setWord('person', row, fact.shown);
        this.setSet('user', row, hash, () => fact.names);
        return;
      case 'packages':
        this.setSet('software', row, hash, () => fact.names);
        return;
      case 'services':
        this.setSet('service', row, hash, () => fact.names);
        return;
    }
  }

  /** Whether a device has this very list, so that it need not be read again. */
  hasList(kind: 'packages' | 'services', hash: string): boolean {
    return this.pools[kind === 'packages' ? 'software' : 'service'].has(hash);
  }

  writeGlance(row: number, at: number, glance: Glance): void {
    for (const name of GLANCE) this.numbers[name][row] = glance[name];
    this.numbers.polled[row] = at;
    this.setWord('mount', row, glance.mount);
  }

  /** What lists show of it, and the time of that poll (NaN before the first). */
  readGlance(row: number): { at: number; glance: Glance } {
    const of = (column: (typeof GLANCE)[number]) => this.numbers[column][row] ?? Number.NaN;
    const glance = {
      cpu: of('cpu'),
      memory: of('memory'),
      disk: of('disk'),
      mount: this.textOf('mount', row),
      load: of('load'),
      uptime: of('uptime'),
      rx: of('rx'),
      tx: of('tx'),
    };
    return { at: this.numbers.polled[row] ?? Number.NaN, glance };
  }

  remove(row: number): void {
    this.#rowOf.delete(this.texts.id.text[row] ?? '');
    for (const column of TEXTS) this.texts[column].set(row, '');
    for (const column of WORDS) this.setWord(column, row, '');
    for (const column of SETS) this.setSet(column, row, '', () => NO_STRINGS);
    this.addresses[row] = NO_STRINGS;
    this.#ownTexts[row] = '';
    this.handGroups[row] = NO_STRINGS;
    this.statusDetail[row] = null;
    this.#free.push(row);
  }

  /** Names, addresses and serial number in lower case, one a line: a word of a search that is not here is in none of them. */
  ownTexts(row: number): string {
    const known = this.#ownTexts[row];
    if (known !== undefined && known !== '') return known;
    const { name, hostname, address, serial } = this.texts;
    const own = [name, hostname, address, serial].map(({ lower }) => lower[row] ?? '');
    const made = [...own, ...(this.addresses[row] ?? [])].join('\n');
    this.#ownTexts[row] = made;
    return made;
  }

  /** The word of a row as text. */
  textOf(column: WordColumn, row: number): string {
    return this.words.texts[this.word[column][row] ?? 0] ?? '';
  }

  siteOf(row: number): Site | undefined {
    return this.sites.at(this.site[row] ?? -1);
  }

  relayOf(row: number): Relay | undefined {
    return this.relays.at(this.relay[row] ?? -1);
  }

  setWord(column: WordColumn, row: number, text: string): void {
    const numbers = this.word[column];
    const before = numbers[row] ?? 0;
    if (this.words.texts[before] === text) return;
    numbers[row] = this.words.take(text);
    this.words.drop(before);
  }

  setSet(column: SetColumn, row: number, key: string, make: () => readonly string[]): void {
    const numbers = this.set[column];
    const before = numbers[row] ?? 0;
    numbers[row] = this.pools[column].take(key, make);
    this.pools[column].drop(before);
  }

  /** What several sources decide together. */
  #derive(row: number, beside: Beside): void {
    this.texts.serial.set(row, beside.firmwareSerial || beside.identitySerial);
    this.#ownTexts[row] = '';
    const evidence = { ...beside.hardwareEvidence, ...beside.osEvidence };
    this.setWord('type', row, beside.setType ?? deviceTypeOf(evidence));
  }

  #besideOf(row: number): Beside {
    const beside = this.#beside[row] ?? emptyBeside();
    this.#beside[row] = beside;
    return beside;
  }

  #newRow(id: string): number {
    const row = this.#free.pop() ?? this.end;
    if (row === this.end) this.end += 1;
    if (row >= this.site.length) this.#grow(this.site.length * 2);
    this.#rowOf.set(id, row);
    this.texts.id.set(row, id);
    this.texts.serial.set(row, '');
    this.#beside[row] = emptyBeside();
    this.addresses[row] = NO_STRINGS;
    this.#ownTexts[row] = '';
    for (const column of NUMBERS) this.numbers[column][row] = Number.NaN;
    return row;
  }

  #grow(capacity: number): void {
    for (const column of NUMBERS) this.numbers[column] = grown(this.numbers[column], new Float64Array(capacity));
    for (const column of WORDS) this.word[column] = grown(this.word[column], new Int32Array(capacity));
    for (const column of SETS) this.set[column] = grown(this.set[column], new Int32Array(capacity));
    this.site = grown(this.site, new Int32Array(capacity));
    this.relay = grown(this.relay, new Int32Array(capacity));
  }
}

const emptyBeside = (): Beside => ({
  setType: undefined,
  identitySerial: '',
  firmwareSerial: '',
  osEvidence: undefined,
  hardwareEvidence: undefined,
});

function grown<T extends Float64Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
