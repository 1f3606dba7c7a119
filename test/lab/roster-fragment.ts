// A lab as a relay's roster sees it: entries that are marked as simulated, and the one credential that opens them all.
import type { CredentialInput } from '#relay/transport/credentials.ts';
import { DeviceId, newId } from '#shared/base/id.ts';
import type { RosterEntry } from '#shared/model/device.ts';
import { seededBytes, seedFrom } from '#test/fixtures/seeded-random.ts';
import type { LabDevice } from './lab.ts';

export interface FragmentOptions {
  /** Name of the credential at the relay. */
  credential: string;
  intervalMs: number;
  /** Whose id a device gets; without it ids follow from the address, so that a second start finds its devices again. */
  idOf?: (device: LabDevice) => DeviceId;
}

/** 2026-01-01T00:00:00Z: ids that follow from addresses need a time that does not move. */
const ID_TIME = Date.UTC(2026, 0, 1);

const idFromAddress = (device: LabDevice): DeviceId =>
  DeviceId.parse(newId(ID_TIME, seededBytes(seedFrom('lab device', device.address))));

/** Roster entries of these devices, in their order. */
export const rosterFragment = (devices: readonly LabDevice[], options: FragmentOptions): RosterEntry[] =>
  devices.map((device) => ({
    device: (options.idOf ?? idFromAddress)(device),
    name: device.name,
    transport: 'ssh',
    address: device.address,
    port: device.port,
    credential: options.credential,
    intervalMs: options.intervalMs,
    simulated: true,
  }));

/** What a relay's store takes: the login of the whole lab, for its loopback alone. */
export function labCredential(devices: readonly LabDevice[]): CredentialInput {
  const [device] = devices;
  if (device === undefined) throw new Error('an empty lab has no login');
  return {
    user: device.user,
    privateKey: device.clientKeyPem,
    binding: { purpose: 'both', ranges: ['127.0.0.0/8'], weakest: 'key' },
  };
}
