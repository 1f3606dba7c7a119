// Reads what is in and at a Windows machine: disks, volumes, graphics, USB, monitors, batteries.
import type { Fact, FactValue } from '#relay/collect/collector.ts';
import { byKey, factText, firmwareText } from '#relay/collect/fact-text.ts';
import { type Rows, rowsOf } from './ask-cim.ts';
import type { ColdAnswers } from './cold-questions.ts';
import { diskLabel } from './device-names.ts';
import { bounded, factOf, orNull, sizeOf, windowsFact, wordOf } from './fact-of.ts';
import type { HARDWARE } from './hardware-questions.ts';

const MAX_DISKS = 128;
const MAX_PARTITIONS = 128;
const MAX_DEVICES = 128;

/** MSFT_PhysicalDisk: MediaType 3 turns, 4 does not; 0 is unspecified. */
const ROTATES: Readonly<Record<number, boolean>> = { 3: true, 4: false };
const BUSES = {
  1: 'SCSI',
  3: 'ATA',
  6: 'Fibre Channel',
  7: 'USB',
  8: 'RAID',
  9: 'iSCSI',
  10: 'SAS',
  11: 'SATA',
  12: 'SD',
  14: 'virtual',
  15: 'virtual',
  16: 'storage space',
  17: 'NVMe',
} as const;
const HEALTH = { 0: 'healthy', 1: 'warning', 2: 'unhealthy' } as const;

export const deviceFacts = (answers: ColdAnswers): Fact[] => [
  ...disksFact(answers),
  ...volumesFact(answers),
  ...gpusFact(answers),
  ...usbFact(answers),
  ...monitorsFact(answers),
  ...batteriesFact(answers),
];

function disksFact(answers: ColdAnswers): Fact[] {
  const storage = new Map((rowsOf(answers.storage) ?? []).map((row) => [row.DeviceId ?? '', row]));
  const partitions = partitionsByDisk(rowsOf(answers.partitions) ?? []);
  return factOf('disks', answers.drives, (rows) => ({
    disks: bounded(
      rows.slice(0, MAX_DISKS).map((row) => {
        const more = storage.get(String(row.Index ?? ''));
        return {
          name: row.Index === undefined ? (factText(row.DeviceID) ?? '?') : diskLabel(row.Index),
          sizeBytes: sizeOf(row.Size),
          model: firmwareText(row.Model),
          vendor: null,
          serial: firmwareText(row.SerialNumber),
          firmware: firmwareText(row.FirmwareRevision),
          bus: wordOf(BUSES, more?.BusType) ?? factText(row.InterfaceType),
          health: wordOf(HEALTH, more?.HealthStatus),
          isRotational: more?.MediaType === undefined ? null : (ROTATES[more.MediaType] ?? null),
          isRemovable: row.InterfaceType === undefined ? null : row.InterfaceType === 'USB',
          isReadOnly: null,
          partitions: row.Index === undefined ? [] : (partitions.get(row.Index) ?? []),
        };
      }),
      ({ name }) => name,
      MAX_DISKS,
    ).list,
  }));
}

interface Partition {
  [member: string]: FactValue;
  name: string;
  sizeBytes: number | null;
}

/** Each row is looked at once, however many disks there are. */
function partitionsByDisk(rows: Rows<(typeof HARDWARE)['partitions']>): ReadonlyMap<number, Partition[]> {
  const all = new Map<number, Partition[]>();
  for (const { DiskIndex, Name, Size } of rows) {
    if (DiskIndex === undefined) continue;
    const list = all.get(DiskIndex) ?? [];
    if (list.length < MAX_PARTITIONS) list.push({ name: factText(Name) ?? '?', sizeBytes: sizeOf(Size) });
    all.set(DiskIndex, list);
  }
  for (const list of all.values()) list.sort(byKey(({ name }) => name));
  return all;
}

const volumesFact = ({ volumes }: ColdAnswers): Fact[] =>
  windowsFact('volumes', volumes, (rows) => ({
    volumes: bounded(
      rows.map((row) => ({
        name: factText(row.DriveLetter ?? row.Name) ?? '?',
        label: factText(row.Label),
        filesystem: factText(row.FileSystem),
        sizeBytes: sizeOf(row.Capacity),
        isRemovable: row.DriveType === 2,
        isDirty: orNull(row.DirtyBitSet),
      })),
      ({ name }) => name,
      MAX_DISKS,
    ).list,
  }));

const gpusFact = ({ graphics }: ColdAnswers): Fact[] =>
  windowsFact('gpu', graphics, (rows) => ({
    gpus: bounded(
      rows.map((row) => ({
        name: factText(row.Name) ?? '?',
        vendor: firmwareText(row.AdapterCompatibility),
        // 32 bits: a card of 4 GiB and more shows less than it has.
        memoryBytes: sizeOf(row.AdapterRAM),
        driver: factText(row.DriverVersion),
        driverDate: orNull(row.DriverDate),
      })),
      ({ name }) => name,
      MAX_DEVICES,
    ).list,
  }));

const usbFact = ({ usb }: ColdAnswers): Fact[] =>
  windowsFact('usb', usb, (rows) => ({
    controllers: bounded(
      rows.map((row) => ({
        name: factText(row.Name) ?? '?',
        vendor: firmwareText(row.Manufacturer),
        status: factText(row.Status),
      })),
      ({ name }) => name,
      MAX_DEVICES,
    ).list,
  }));

/** Codes of characters, filled up with zeros. */
const fromCodes = (codes: readonly number[] | undefined): string | null =>
  codes === undefined
    ? null
    : factText(String.fromCharCode(...codes.slice(0, 64).filter((code) => code >= 0x20 && code <= 0xff)));

const monitorsFact = ({ monitors }: ColdAnswers): Fact[] =>
  windowsFact('monitors', monitors, (rows) => ({
    monitors: bounded(
      rows.map((row) => ({
        vendor: fromCodes(row.ManufacturerName),
        name: fromCodes(row.UserFriendlyName),
        product: fromCodes(row.ProductCodeID),
        serial: firmwareText(fromCodes(row.SerialNumberID) ?? undefined),
        year: orNull(row.YearOfManufacture),
        isActive: orNull(row.Active),
      })),
      ({ vendor, name, serial }) => `${vendor} ${name} ${serial}`,
      MAX_DEVICES,
    ).list,
  }));

/** CIM_Battery.Chemistry. */
const CHEMISTRY = {
  3: 'lead acid',
  4: 'NiCd',
  5: 'NiMH',
  6: 'lithium ion',
  7: 'zinc air',
  8: 'lithium polymer',
} as const;

/** What a battery was made for and holds now stand in classes of the driver, in the order of the batteries. */
function batteriesFact(answers: ColdAnswers): Fact[] {
  const designed = rowsOf(answers.batteryDesign) ?? [];
  const full = new Map((rowsOf(answers.batteryFull) ?? []).map((row) => [row.InstanceName, row.FullChargedCapacity]));
  return windowsFact('battery', answers.batteries, (rows) => ({
    batteries: rows.slice(0, MAX_DEVICES).map((row, index) => {
      const made = designed[index];
      const [designedMwh, fullMwh] = [made?.DesignedCapacity, full.get(made?.InstanceName)];
      const isKnown = designedMwh !== undefined && fullMwh !== undefined && designedMwh > 0;
      return {
        name: factText(row.Name ?? row.DeviceID) ?? '?',
        chemistry: wordOf(CHEMISTRY, row.Chemistry),
        designedMwh: orNull(designedMwh),
        fullMwh: orNull(fullMwh),
        healthPercent: isKnown ? Math.round((fullMwh / designedMwh) * 100) : null,
      };
    }),
  }));
}
