// A stolen console writes the roster: it points known devices at hostile hosts and makes up others. The relay's own rooms meet it.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { composeDevices, type DeviceRooms } from '#relay/compose/compose-devices.ts';
import { RelayConfig } from '#relay/config/relay-config.ts';
import { StoredDevicePins } from '#relay/pin/device-pins.ts';
import { DurableSpool } from '#relay/spool/durable-spool.ts';
import { CredentialStore } from '#relay/transport/credentials.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, newId } from '#shared/base/id.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { StopStack } from '#shared/runtime/stop-stack.ts';
import { keyOfWord, sampleCharter } from '#test/fixtures/sample-trust.ts';
import { makeTempFolder } from '#test/fixtures/temp-folder.ts';
import type { LabDevice } from '#test/lab/lab.ts';
import { startLabProcess } from '#test/lab/lab-process.ts';
import { startImpostors } from './impostors.ts';
import type { Attack } from './security.ts';

export const LAB = '127.73.0.1';
const RANGE = '127.73.0.0/16';
/** Inside the login's ranges, where no lab device stands; and elsewhere. */
const INSIDE = (n: number) => `127.73.9.${n + 1}`;
const OUTSIDE = (n: number) => `127.67.1.${n + 1}`;
/** Every other hostile host stands inside the login's ranges. */
export const hostilePlace = (n: number) => (n % 2 === 0 ? OUTSIDE(n) : INSIDE(n));
const KNOWN = 25;
const ADDED = 25;
const INTERVAL_MS = 5_000;

/** Nothing was sealed here: the relay's own files are what can be harvested. */
const NO_VAULT = { get: () => undefined, spare: () => undefined, list: () => [] };
/** What is told here is the state of each device; that it reaches the audit shows `console-owned`. */
const NO_NOTES = { noteSession: () => undefined, noteFact: () => undefined };
const NO_WATCH = {
  shown: <T>(record: T) => record,
  ...{ polled: () => undefined, tried: () => undefined, settled: () => undefined },
  ...{ fact: () => undefined, event: () => undefined },
};
const NO_AUDIT = { tell: () => true };

interface Relay {
  rooms: DeviceRooms;
  pins: StoredDevicePins;
  stop: () => Promise<void>;
}

/** The rooms of a relay that meet devices, as its own compose joins them; `charter` is what the owners signed. */
function startRooms(data: string, charter: { charter: Charter }): Relay {
  mkdirSync(path.join(data, 'identity'), { recursive: true, mode: 0o700 });
  const clock = systemClock;
  const stack = new StopStack({ clock, log: silentLogger });
  const pins = new StoredDevicePins(data);
  stack.add('pins', () => pins.stop());
  const spool = new DurableSpool({
    file: path.join(data, 'spool.db'),
    clock,
    quotaBytes: 64 * 2 ** 20,
    prepare: () => undefined,
    onEvent: () => undefined,
  });
  stack.add('spool', () => spool.stop());
  const given = { vault: NO_VAULT, refusals: NO_AUDIT, onState: () => undefined, known: NO_NOTES, site: NO_WATCH };
  const deps = { clock, log: silentLogger, stack, spool, pins, charters: charter, ...given };
  const rooms = composeDevices(RelayConfig.parse({ data }), deps);
  return { rooms, pins, stop: () => stack.stop(3_000) };
}

export function storeLogins(data: string, { user, clientKeyPem: privateKey }: LabDevice): void {
  const store = new CredentialStore(path.join(data, 'credentials'));
  // A password beside the key: whoever may have one may have the other.
  const both = { user, privateKey, password: 'canary-tiger' };
  store.add('lan', { ...both, binding: { purpose: 'both', ranges: [RANGE], weakest: 'password' } });
  store.add('orders', { ...both, binding: { purpose: 'act', ranges: [RANGE], weakest: 'password' } });
  store.add('old', { user, password: 'canary-lion' });
}

const entryOf = (device: DeviceId, n: number, at: { address: string; port: number }): RosterEntry => ({
  device,
  name: `device-${n}`,
  transport: 'ssh',
  address: at.address,
  port: at.port,
  credential: 'lan',
  intervalMs: INTERVAL_MS,
});

async function until(isReached: () => boolean, deadlineMs: number): Promise<void> {
  const end = systemClock.monotonic() + deadlineMs;
  while (!isReached() && systemClock.monotonic() < end) await systemClock.sleep(100);
}

const newDevice = () => DeviceId.parse(newId(systemClock.now()));

export const attackOwnedRoster: Attack = async ({ isQuick, say }) => {
  const startedAt = systemClock.monotonic();
  await using folder = makeTempFolder('rmm-owned-roster');
  await using lab = await startLabProcess({ devices: KNOWN, base: LAB });
  const places = Array.from({ length: KNOWN + ADDED }, (_, n) => hostilePlace(n));
  await using hostile = await startImpostors(places);
  const [first] = lab.devices;
  if (first === undefined) throw new Error('an empty lab');
  storeLogins(folder.path, first);
  const solo = sampleCharter([await keyOfWord('owner')], [await keyOfWord('technician')]);
  const held = { charter: solo };
  const relay = startRooms(folder.path, held);
  const { poller, pool, watch } = relay.rooms;
  try {
    const known = lab.devices.map((at, n) => entryOf(newDevice(), n, at));
    poller.setRoster(known);
    poller.start();
    const up = () => known.filter(({ device }) => watch.status(device) === 'up').length;
    await until(() => up() === KNOWN, 20_000);
    const polledBefore = up();
    say(`${polledBefore} devices answer`);
    // The owners of a site of several people signed this charter; the console cannot take it back.
    held.charter = { ...solo, version: solo.version + 1, profile: 'team' };
    const place = (n: number) => hostile.hosts[n] ?? { address: OUTSIDE(n), port: 22 };
    const repointed = known.map((entry, n) => ({ ...entry, ...place(n) }));
    const added = Array.from({ length: ADDED }, (_, n) => ({
      ...entryOf(newDevice(), KNOWN + n, place(KNOWN + n)),
      // Whatever login the site has, by its name.
      credential: ['lan', 'old', 'orders'][n % 3] ?? 'lan',
    }));
    for (const { device } of known) pool.drop(device);
    const attacked = [...repointed, ...added];
    poller.setRoster(attacked);
    const down = () =>
      attacked.filter(({ device }) => ['down', 'identity-changed'].includes(watch.status(device))).length;
    await until(() => down() === attacked.length, 10_000);
    // A second round: what was refused once is refused again.
    if (!isQuick) await systemClock.sleep(2 * INTERVAL_MS);
    say(`${hostile.reached()} hostile hosts were reached, ${hostile.attempts().length} attempts`);
    return {
      name: 'security owned-roster',
      figures: {
        repointed: repointed.length,
        added: added.length,
        reached: hostile.reached(),
        attempts: hostile.attempts().length,
        told: down(),
        polledBefore,
      },
      durationMs: systemClock.monotonic() - startedAt,
    };
  } finally {
    await relay.stop();
  }
};
