// What a simulated device is: identity and hardware, all of it drawn from the lab's seed and the device's index.
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { seededBytes, seededRandom, seedFrom } from '#test/fixtures/seeded-random.ts';

export interface SimulatedDisk {
  /** Block device, "sda". */
  device: string;
  mount: string;
  sizeKb: number;
  /** Share of the size in use when the lab starts, 0..1. */
  usedRatio: number;
}

export interface SimulatedNic {
  name: string;
  mac: string;
}

export interface DeviceModel {
  index: number;
  /** Also the hostname unless a behaviour says otherwise. */
  name: string;
  smbiosUuid: string;
  serial: string;
  machineId: string;
  hostKeySeed: Uint8Array;
  cpuCount: number;
  memoryKb: number;
  swapKb: number;
  disks: readonly SimulatedDisk[];
  nics: readonly SimulatedNic[];
  kernel: string;
  /** How long it had been up when the lab started. */
  bootedBeforeMs: number;
  /** Units that failed at boot. */
  failedServices: number;
  /** How busy it is on average, 0..1, and where in its waves it is. */
  busy: number;
  phase: number;
}

const ROLES = ['web', 'db', 'file', 'mail', 'build', 'till'];
const KERNELS = ['5.10.0-28-amd64', '6.1.0-18-amd64', '6.12.9-amd64'];
const MOUNTS = ['/', '/var', '/srv'];
/** Root keeps a twentieth of ext4, so that df says 0.76 at most: with room to the limit of the shipped check and its margin, 0.78. */
const USED_SPAN = 0.55;
const GIB_KB = 1024 * 1024;
const DAY_MS = 86_400_000;

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

function drawUuid(bytes: Uint8Array): string {
  const text = hex(bytes);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20, 32)}`;
}

/** Unique per lab by construction: bytes four and five hold interface and index, room for 16,384 devices. */
function drawMac(index: number, nic: number, random: () => number): string {
  const bytes = [0x00, 0x16, 0x3e, ((index >> 8) & 0x3f) | (nic << 6), index & 0xff, Math.floor(random() * 256)];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

/** The model of device `index`; pure, so that two labs of one seed hold the same machines. */
export function deviceModel(seed: number, index: number): DeviceModel {
  const random = seededRandom(seedFrom('device', seed, index));
  const bytes = seededBytes(seedFrom('bytes', seed, index));
  const pick = <T>(list: readonly [T, ...T[]] | readonly T[], otherwise: T): T =>
    list[Math.floor(random() * list.length)] ?? otherwise;
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const disks = MOUNTS.slice(0, between(1, 3)).map((mount, i) => ({
    device: `sd${'abc'[i]}`,
    mount,
    sizeKb: between(20, 900) * GIB_KB,
    usedRatio: 0.15 + random() * USED_SPAN,
  }));
  const nics = Array.from({ length: between(1, 2) }, (_, i) => ({ name: `eth${i}`, mac: drawMac(index, i, random) }));
  return {
    index,
    name: `sim-${pick(ROLES, 'web')}-${String(index).padStart(4, '0')}`,
    smbiosUuid: drawUuid(bytes(new Uint8Array(16))),
    serial: `SIM${seed}-${hex(bytes(new Uint8Array(5)))}`,
    machineId: hex(bytes(new Uint8Array(16))),
    hostKeySeed: bytes(new Uint8Array(32)),
    cpuCount: pick([1, 2, 4, 8, 16], 2),
    memoryKb: pick([2, 4, 8, 16, 64], 4) * GIB_KB - between(10_000, 90_000), // firmware keeps some
    swapKb: pick([0, 1, 2], 1) * GIB_KB,
    disks,
    nics,
    kernel: pick(KERNELS, '6.1.0-18-amd64'),
    bootedBeforeMs: between(DAY_MS / 24, 60 * DAY_MS),
    failedServices: index % 17 === 0 ? 1 : 0, // a few have something to look at
    busy: 0.03 + random() * 0.3,
    phase: random(),
  };
}

/** The identity a relay should read from the device, host key aside. */
export const modelIdentity = (model: DeviceModel): Omit<DeviceIdentity, 'hostKey'> => ({
  smbiosUuid: model.smbiosUuid,
  serial: model.serial.toLowerCase(),
  machineId: model.machineId,
  macs: model.nics.map((nic) => nic.mac).sort(),
});
