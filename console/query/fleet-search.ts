// Search over everything the fleet is known by: exact names first, then beginnings, then any part of a text.
import type { Scope } from '#console/access/scope.ts';
import type { SearchHit } from '#shared/contract/system-contract.ts';
import { DeviceStatus } from '#shared/model/device.ts';
import type { FleetRows, SetColumn } from './fleet-rows.ts';
import type { GroupState } from './group-members.ts';
import { Smallest } from './smallest.ts';

/** Each word is looked for in every device: more than a person types, fewer than cost time. */
const MAX_WORDS = 8;

/** How well a text fits: the smaller the better. */
const EXACT = 0;
const BEGINS = 1;
const HOLDS = 2;
/** Any other field comes after every name, and packages come after that: thousands of devices have each. */
const OTHER_FIELD = 3;
const SOFTWARE = 6;

/** The few come first among equals: a site is not lost behind the devices that are called like it. */
const KIND_ORDER = ['customer', 'site', 'group', 'tag', 'relay', 'device'] as const satisfies ReadonlyArray<
  SearchHit['kind']
>;

interface Found {
  kind: SearchHit['kind'];
  /** Row of a device; place in the list of its kind else. */
  at: number;
  rank: number;
  name: string;
  id: string;
  match: SearchHit['match'];
}

export interface SearchParts {
  rows: FleetRows;
  groups: readonly GroupState[];
  /** By row. */
  isVisible: (row: number) => boolean;
  /** By id. */
  isSiteVisible: (site: string) => boolean;
  /** By the relay's site. */
  isRelayVisible: (site: string) => boolean;
}

/** What may be seen of each kind of thing. */
export interface SearchScopes {
  devices: Scope;
  sites: Scope;
  relays: Scope;
}

/** Every word must be found in a device, in whichever field; the names of sites, groups and so on must hold them all. */
export function searchFleet(parts: SearchParts, text: string, limit: number): { hits: SearchHit[]; total: number } {
  const words = text.toLowerCase().split(/\s+/).filter((word) => word !== '').slice(0, MAX_WORDS); // biome-ignore format: one thought
  if (words.length === 0) return { hits: [], total: 0 };
  const best = new Smallest(limit, compareFound);
  const named = namedFound(parts, words);
  for (const one of named) best.add(one);
  const devices = findDevices(parts, words, best);
  return { hits: best.inOrder().map((one) => hitOf(parts, one)), total: named.length + devices };
}

function compareFound(a: Found, b: Found): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.kind !== b.kind) return KIND_ORDER.indexOf(a.kind) - KIND_ORDER.indexOf(b.kind);
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.id < b.id ? -1 : 1;
}

const NONE = 9;

function rankIn(lower: string, word: string): number {
  const at = lower.indexOf(word);
  if (at < 0) return NONE;
  if (at > 0) return HOLDS;
  return lower.length === word.length ? EXACT : BEGINS;
}

/** Of several words the worst counts. */
const rankOfAll = (lower: string, words: readonly string[]): number =>
  Math.max(...words.map((word) => rankIn(lower, word)));

interface Named {
  kind: SearchHit['kind'];
  id: string;
  name: string;
}

function namedFound(
  { rows, groups, isVisible, isSiteVisible, isRelayVisible }: SearchParts,
  words: readonly string[],
): Found[] {
  const sites = [...rows.sites.all()].map(([, site]) => site).filter(({ id }) => isSiteVisible(id));
  const relays = [...rows.relays.all()].map(([, relay]) => relay).filter(({ siteId }) => isRelayVisible(siteId));
  const customers = new Map(sites.map(({ customerId, customerName }) => [customerId, customerName]));
  const named: Named[] = [
    ...[...customers].map(([id, name]) => ({ kind: 'customer' as const, id, name })),
    ...sites.map(({ id, name }) => ({ kind: 'site' as const, id, name })),
    ...groups.map(({ id, name }) => ({ kind: 'group' as const, id, name })),
    ...relays.map(({ id, name }) => ({ kind: 'relay' as const, id, name })),
    ...tagsFound(rows, isVisible, words).map((tag) => ({ kind: 'tag' as const, id: tag, name: tag })),
  ];
  return named.flatMap(({ kind, id, name }) => {
    const rank = rankOfAll(name.toLowerCase(), words);
    return rank === NONE ? [] : [{ kind, at: -1, rank, name, id, match: null }];
  });
}

/** Tags of devices that are seen. */
function tagsFound(rows: FleetRows, isVisible: (row: number) => boolean, words: readonly string[]): string[] {
  const { names } = rows.pools.tag;
  const fitting = names.texts.flatMap((tag, number) =>
    tag !== '' && rankOfAll(names.lower[number] ?? '', words) !== NONE ? [number] : [],
  );
  if (fitting.length === 0) return [];
  const wanted = new Set(fitting);
  const seen = new Set<number>();
  for (const row of rows.all()) {
    if (seen.size === wanted.size) break;
    if (!isVisible(row)) continue;
    for (const name of rows.pools.tag.members(rows.set.tag[row] ?? 0)) if (wanted.has(name)) seen.add(name);
  }
  return Array.from(seen, (number) => names.texts[number] ?? '');
}

/** Returns how many fit; a letter fits them all, so nothing is made of one that comes after all that are kept. */
function findDevices({ rows, isVisible }: SearchParts, words: readonly string[], best: Smallest<Found>): number {
  const seekers = words.map((word) => seekerOf(rows, word));
  const { name, id } = rows.texts;
  let found = 0;
  for (let row = 0; row < rows.end; row += 1) {
    if (!rows.isUsed(row) || !isVisible(row)) continue;
    let rank = 0;
    let where: SearchHit['match'] = null;
    for (const seek of seekers) {
      const one = seek(row);
      rank = Math.max(rank, one.rank);
      if (rank === NONE) break;
      where ??= one.field === '' ? null : { field: one.field, text: one.text };
    }
    if (rank === NONE) continue;
    found += 1;
    const own = name.lower[row] ?? '';
    const { worst } = best;
    if (
      worst !== undefined &&
      (rank > worst.rank || (rank === worst.rank && worst.kind === 'device' && own > worst.name))
    )
      continue;
    best.add({ kind: 'device', at: row, rank, name: own, id: id.text[row] ?? '', match: where });
  }
  return found;
}

/** The one answer of a seeker, used again for each row: 25,000 answers a search need no 25,000 objects. */
interface Seen {
  rank: number;
  /** '' is the name. */
  field: string;
  text: string;
}

function seekerOf(rows: FleetRows, word: string): (row: number) => Seen {
  const seen: Seen = { rank: NONE, field: '', text: '' };
  const { name, hostname, address, serial } = rows.texts;
  const sets = (['user', 'tag'] as const).map((column) => ({ column, best: bestInSet(rows, column, word) }));
  const software = bestInSet(rows, 'software', word);
  const siteRanks = new Uint8Array(rows.sites.length).fill(NONE);
  for (const [place, { lower }] of rows.sites.all()) siteRanks[place] = rankIn(lower, word);
  const take = (rank: number, field: string, text: string) => {
    if (rank >= seen.rank) return;
    seen.rank = rank;
    seen.field = field;
    seen.text = text;
  };
  const other = (lower: string, field: string, text: string) => {
    const rank = rankIn(lower, word);
    if (rank !== NONE) take(OTHER_FIELD + rank, field, text);
  };
  const own = (row: number) => {
    seen.rank = rankIn(name.lower[row] ?? '', word);
    if (seen.rank !== NONE) return;
    other(hostname.lower[row] ?? '', 'hostname', hostname.text[row] ?? '');
    other(address.lower[row] ?? '', 'address', address.text[row] ?? '');
    for (const one of rows.addresses[row] ?? []) other(one, 'address', one);
    other(serial.lower[row] ?? '', 'serial', serial.text[row] ?? '');
  };
  return (row) => {
    seen.rank = NONE;
    seen.field = '';
    if (rows.ownTexts(row).includes(word)) own(row);
    if (seen.rank < OTHER_FIELD) return seen;
    for (const { column, best } of sets) {
      const { rank, text } = best(rows.set[column][row] ?? 0);
      if (rank !== NONE) take(OTHER_FIELD + rank, column, text);
    }
    const siteRank = siteRanks[rows.site[row] ?? 0] ?? NONE;
    if (siteRank !== NONE) take(OTHER_FIELD + siteRank, 'site', rows.siteOf(row)?.name ?? '');
    if (seen.rank !== NONE) return seen;
    const { rank, text } = software(rows.set.software[row] ?? 0);
    if (rank !== NONE) take(SOFTWARE + rank, 'software', text);
    return seen;
  };
}

/** The best fitting name of a set; each name and each set is looked at once in a search. */
function bestInSet(rows: FleetRows, column: SetColumn, word: string): (set: number) => { rank: number; text: string } {
  const pool = rows.pools[column];
  const { lower, texts } = pool.names;
  const ranks = Uint8Array.from(lower, (one) => (one === '' ? NONE : rankIn(one, word)));
  const bestOfAll = ranks.reduce((best, rank) => Math.min(best, rank), NONE);
  const answer = { rank: NONE, text: '' };
  // Most words are in no name at all.
  if (bestOfAll === NONE) return () => answer;
  // By set: the number of its best name, -1 for none; 0, the empty name, is not known yet.
  const known = new Int32Array(pool.capacity);
  return (set) => {
    const best = known[set] || bestMember(pool.members(set), ranks, bestOfAll);
    known[set] = best;
    answer.rank = best < 0 ? NONE : (ranks[best] ?? NONE);
    answer.text = best < 0 ? '' : (texts[best] ?? '');
    return answer;
  };
}

/** Millions of names in a search for a rare package: nothing here but numbers in arrays. */
function bestMember(members: Uint32Array, ranks: Uint8Array, bestOfAll: number): number {
  let best = -1;
  let bestRank = NONE;
  for (let at = 0; at < members.length; at += 1) {
    const name = members[at] ?? 0;
    const rank = ranks[name] ?? NONE;
    if (rank >= bestRank) continue;
    best = name;
    bestRank = rank;
    if (rank === bestOfAll) break;
  }
  return best;
}

function hitOf({ rows, groups }: SearchParts, { kind, at, id, name, match }: Found): SearchHit {
  switch (kind) {
    case 'device': {
      const status = DeviceStatus.parse(rows.textOf('status', at));
      return { kind, id, name: rows.texts.name.text[at] ?? '', place: rows.siteOf(at)?.name ?? null, status, match };
    }
    case 'site':
      return {
        kind,
        id,
        name,
        place: rows.sites.at(rows.sites.placeOf(id))?.customerName ?? null,
        status: null,
        match,
      };
    case 'relay': {
      const siteId = rows.relays.at(rows.relays.placeOf(id))?.siteId ?? '';
      return { kind, id, name, place: rows.sites.at(rows.sites.placeOf(siteId))?.name ?? null, status: null, match };
    }
    case 'group': {
      const parent = groups.find((group) => group.id === groups.find((one) => one.id === id)?.parentId);
      return { kind, id, name, place: parent?.name ?? null, status: null, match };
    }
    case 'customer':
    case 'tag':
      return { kind, id, name, place: null, status: null, match };
  }
}
