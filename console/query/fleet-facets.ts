// How many devices of a list stand where: by customer, site, group, tag, status, system and type.
import type { DeviceFacets } from '#shared/contract/device-contract.ts';
import type { FleetRows, WordColumn } from './fleet-rows.ts';
import type { GroupState } from './group-members.ts';

type Counts = DeviceFacets['site'];

/** The most first, then by label. */
const byCount = (a: Counts[number], b: Counts[number]): number => b.devices - a.devices || (a.label < b.label ? -1 : 1);

export function facetsOf(rows: FleetRows, groups: readonly GroupState[], found: readonly number[]): DeviceFacets {
  const word = (column: WordColumn): Counts => {
    const counts = tally(found, rows.word[column], rows.words.texts.length);
    return listed(counts, (number) => {
      const text = rows.words.texts[number] ?? '';
      return { value: text, label: text };
    });
  };
  const bySite = tally(found, rows.site, rows.sites.length);
  return {
    total: found.length,
    status: word('status'),
    system: word('system'),
    type: word('type'),
    customer: customers(rows, bySite),
    site: listed(bySite, (place) => {
      const site = rows.sites.at(place);
      return { value: site?.id ?? '', label: site?.name ?? '' };
    }),
    tag: tags(rows, found),
    group: groups
      .map(({ id, name, members }) => ({ value: id, label: name, devices: countOf(found, members) }))
      .filter(({ devices }) => devices > 0)
      .sort(byCount),
  };
}

function tally(found: readonly number[], numbers: Int32Array, length: number): Uint32Array {
  const counts = new Uint32Array(length);
  for (const row of found) {
    const number = numbers[row] ?? 0;
    counts[number] = (counts[number] ?? 0) + 1;
  }
  return counts;
}

function listed(counts: Uint32Array, name: (number: number) => { value: string; label: string }): Counts {
  const list: Counts = [];
  for (const [number, devices] of counts.entries()) if (devices > 0) list.push({ ...name(number), devices });
  return list.sort(byCount);
}

function customers(rows: FleetRows, bySite: Uint32Array): Counts {
  const known = new Map<string, Counts[number]>();
  for (const [place, devices] of bySite.entries()) {
    const site = rows.sites.at(place);
    if (devices === 0 || site === undefined) continue;
    const one = known.get(site.customerId) ?? { value: site.customerId, label: site.customerName, devices: 0 };
    one.devices += devices;
    known.set(site.customerId, one);
  }
  return [...known.values()].sort(byCount);
}

/** Sets first: a fleet has a few hundred different ones. */
function tags(rows: FleetRows, found: readonly number[]): Counts {
  const pool = rows.pools.tag;
  const bySet = tally(found, rows.set.tag, pool.capacity);
  const byName = new Uint32Array(pool.names.texts.length);
  for (const [set, devices] of bySet.entries()) {
    if (devices === 0) continue;
    for (const name of pool.members(set)) byName[name] = (byName[name] ?? 0) + devices;
  }
  return listed(byName, (number) => {
    const text = pool.names.texts[number] ?? '';
    return { value: text, label: text };
  });
}

function countOf(found: readonly number[], members: Uint8Array): number {
  let count = 0;
  for (const row of found) count += members[row] ?? 0;
  return count;
}
