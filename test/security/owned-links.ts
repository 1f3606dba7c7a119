// The rosters of linked relays, before and after a thief: devices that answer, then as many pointed elsewhere and as many made up.
import { DeviceId } from '#shared/base/id.ts';
import type { ManifestTarget } from '#shared/model/manifest.ts';
import type { LabProcess } from '#test/lab/lab-process.ts';
import type { Ending } from './ending.ts';
import { startImpostors } from './impostors.ts';
import { type AuditWatch, type LinkedEstate, until } from './linked-estate.ts';
import { hostilePlace, storeLogins } from './owned-roster.ts';
import type { AttackOptions } from './security.ts';

const INTERVAL_MS = 5_000;
const KNOWN_MS = 40_000;
/** Two failures make a device down, and the second comes an interval later. */
const TOLD_MS = 30_000;

/** Starts the relays and gives them a lab's devices, one after the other; comes back when each device is known. */
export async function joinLab(estate: LinkedEstate, lab: LabProcess): Promise<ManifestTarget[]> {
  const [first] = lab.devices;
  if (first === undefined) throw new Error('an empty lab');
  for (const relay of estate.relays) {
    storeLogins(relay.data, first);
    await relay.start();
  }
  const devices = lab.devices.map(({ address, port }, n) => ({
    relayId: relayAt(estate, n).relay,
    name: `device-${n}`,
    transport: 'ssh' as const,
    address,
    port,
    credential: 'lan',
    intervalMs: INTERVAL_MS,
  }));
  const { ids } = await estate.api.devices.createMany({ devices });
  const ask = async () => (await estate.api.devices.targets({ devices: ids })).targets;
  const isKnown = async () => (await ask()).every(({ identity }) => identity.machineId !== undefined);
  if (!(await until(isKnown, KNOWN_MS, 200))) throw new Error('not every device is known');
  const found = new Map((await ask()).map(({ id, identity }) => [id, identity]));
  return ids.map((device) => ({ device, identity: found.get(device) ?? { macs: [] } }));
}

function relayAt({ relays }: LinkedEstate, n: number) {
  const relay = relays[n % relays.length];
  if (relay === undefined) throw new Error('an estate without relays');
  return relay;
}

/** Through the console's own rooms, as its thief would: each device it has gets a hostile address, and as many are added. */
export async function attackRosters(
  estate: LinkedEstate,
  audit: AuditWatch,
  ending: Ending,
  { say }: AttackOptions,
): Promise<Record<'repointed' | 'added' | 'reached' | 'attempts' | 'rosterAudited', number>> {
  const { api } = estate;
  const known = (await api.devices.list({ limit: 100 })).items.map(({ id }) => id);
  const places = Array.from({ length: 2 * known.length }, (_, n) => hostilePlace(n));
  const hostile = await startImpostors(places);
  ending.add(async () => hostile[Symbol.asyncDispose]());
  const place = (n: number) => hostile.hosts[n] ?? { address: hostilePlace(n), port: 22 };
  for (const [n, id] of known.entries()) await api.devices.update({ id, ...place(n) });
  const devices = known.map((_, n) => ({
    relayId: relayAt(estate, n).relay,
    name: `added-${n}`,
    transport: 'ssh' as const,
    ...place(known.length + n),
    // Whatever login the site has, by its name.
    credential: ['lan', 'old', 'orders'][n % 3] ?? 'lan',
    intervalMs: INTERVAL_MS,
  }));
  const { ids } = await api.devices.createMany({ devices });
  const all = [...known, ...ids].map((id) => `device:${DeviceId.parse(id)}`);
  const told = () => all.filter((device) => audit.about('login.refuse').has(device)).length;
  await until(() => told() === all.length, TOLD_MS, 100);
  say(
    `${hostile.reached()} hostile hosts were reached, ${hostile.attempts().length} attempts, ${told()} refusals told`,
  );
  return {
    repointed: known.length,
    added: ids.length,
    reached: hostile.reached(),
    attempts: hostile.attempts().length,
    rosterAudited: told(),
  };
}
