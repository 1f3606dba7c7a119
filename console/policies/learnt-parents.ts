// From the gateways that devices of one site name to the devices they hang on. What a device says is hostile: it only names an address. Pure.
import { z } from 'zod';
import type { DeviceId } from '#shared/base/id.ts';

/** A device with the address it is reached at, and what it told of its network. */
export interface Hop {
  id: DeviceId;
  address: string;
  network: string | null;
}

const Network = z.object({
  interfaces: z.array(z.object({ addresses: z.array(z.object({ address: z.string() })).nullish() })).nullish(),
  gateways: z.array(z.string()).nullish(),
});

/** Interfaces and gateways that are looked at, of each device. */
const MAX_ADDRESSES = 256;
const MAX_GATEWAYS = 16;

interface Read {
  id: DeviceId;
  own: string[];
  gateways: string[];
}

function read({ id, address, network }: Hop): Read {
  const parsed = network === null ? undefined : Network.safeParse(jsonOf(network)).data;
  const own = (parsed?.interfaces ?? []).flatMap((one) => (one.addresses ?? []).map((some) => hostOf(some.address)));
  const gateways = (parsed?.gateways ?? []).map(hostOf);
  return { id, own: [address, ...own.slice(0, MAX_ADDRESSES)], gateways: gateways.slice(0, MAX_GATEWAYS) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Without the length of a network or the zone of an interface. */
const hostOf = (address: string): string => address.replace(/[/%].*$/, '').toLowerCase();

/** Addresses that every machine has mean none in particular. */
const isShared = (address: string): boolean => /^(127\.|::1$|fe80:|169\.254\.|0\.0\.0\.0$|::$)/.test(address);

/**
 * Per device the one that has its gateway's address. An address that two devices claim leads nowhere; a circle is cut
 * where it is met first, so that no two devices wait for each other.
 */
export function learntParents(hops: readonly Hop[]): Map<DeviceId, DeviceId> {
  const all = hops.map(read);
  const owners = new Map<string, DeviceId | undefined>();
  for (const { id, own } of all)
    for (const address of new Set(own)) {
      if (isShared(address)) continue;
      owners.set(address, owners.has(address) && owners.get(address) !== id ? undefined : id);
    }
  const parents = new Map<DeviceId, DeviceId>();
  for (const { id, gateways } of all) {
    const found = gateways.map((gateway) => owners.get(gateway)).find((owner) => owner !== undefined && owner !== id);
    if (found !== undefined) parents.set(id, found);
  }
  for (const { id } of all) if (isInCircle(parents, id)) parents.delete(id);
  return parents;
}

function isInCircle(parents: ReadonlyMap<DeviceId, DeviceId>, id: DeviceId): boolean {
  const seen = new Set<DeviceId>();
  for (let at = parents.get(id); at !== undefined && !seen.has(at); at = parents.get(at)) {
    if (at === id) return true;
    seen.add(at);
  }
  return false;
}
