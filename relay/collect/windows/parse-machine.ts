// Reads what a Windows machine is: its system, firmware, board, processors and memory.
import type { Fact } from '#relay/collect/collector.ts';
import { factText, firmwareText } from '#relay/collect/fact-text.ts';
import { rowsOf, singleOf } from './ask-cim.ts';
import type { ColdAnswers } from './cold-questions.ts';
import { bounded, dayOf, factOf, orNull, sizeOf, windowsFact, wordOf } from './fact-of.ts';

/** A board has two hundred slots at most; more is a hostile answer. */
const MAX_PARTS = 256;

/** DSP0134, 7.18.2. */
const MEMORY_TYPES = {
  20: 'DDR',
  21: 'DDR2',
  22: 'DDR2 FB-DIMM',
  24: 'DDR3',
  26: 'DDR4',
  27: 'LPDDR',
  28: 'LPDDR2',
  29: 'LPDDR3',
  30: 'LPDDR4',
  34: 'DDR5',
  35: 'LPDDR5',
} as const;

export function machineFacts(answers: ColdAnswers): Fact[] {
  return [
    ...osFact(answers),
    ...hardwareFact(answers),
    ...biosFact(answers),
    ...boardFact(answers),
    ...processorsFact(answers),
    ...modulesFact(answers),
  ];
}

function osFact(answers: ColdAnswers): Fact[] {
  const [computer] = rowsOf(answers.computer) ?? [];
  const [zone] = rowsOf(answers.zone) ?? [];
  return factOf('os', singleOf(answers.system), (system) => {
    const name = factText(system.Caption?.replace(/\((?:R|TM)\)|[®™]/gi, ''));
    return {
      family: 'windows',
      id: 'windows',
      name,
      version: factText(system.Version),
      prettyName: name,
      kernelName: 'Windows NT',
      kernel: factText(system.Version),
      architecture: factText(system.OSArchitecture),
      hostname: factText(computer?.DNSHostName ?? system.CSName),
      timezone: factText(zone?.StandardName),
      build: factText(system.BuildNumber),
      installedAt: orNull(system.InstallDate),
      // 1 is a workstation, 2 a domain controller, 3 another server.
      isServer: system.ProductType === undefined ? null : system.ProductType !== 1,
      domain: computer?.PartOfDomain === true ? factText(computer.Domain) : null,
      workgroup: computer?.PartOfDomain === false ? factText(computer.Workgroup ?? computer.Domain) : null,
    };
  });
}

/** HypervisorPresent is true on bare metal too, where Windows guards itself with one: the maker's word counts. */
const HYPERVISORS: ReadonlyArray<readonly [RegExp, string]> = [
  [/^microsoft.*virtual machine/i, 'Microsoft'],
  [/vmware/i, 'VMware'],
  [/qemu|kvm|red hat|ovirt|openstack/i, 'KVM'],
  [/virtualbox|innotek/i, 'VirtualBox'],
  [/^xen|hvm domu/i, 'Xen'],
  [/parallels/i, 'Parallels'],
  [/amazon ec2/i, 'Amazon'],
  [/google compute engine/i, 'Google'],
];

function hardwareFact(answers: ColdAnswers): Fact[] {
  const [product] = rowsOf(answers.product) ?? [];
  const [enclosure] = rowsOf(answers.enclosure) ?? [];
  const [bios] = rowsOf(answers.bios) ?? [];
  const processors = rowsOf(answers.processors);
  const cores = processors?.map(({ NumberOfCores }) => NumberOfCores);
  return factOf('hardware', singleOf(answers.computer), (computer) => {
    const said = `${computer.Manufacturer ?? ''} ${computer.Model ?? ''}`;
    return {
      vendor: firmwareText(computer.Manufacturer),
      product: firmwareText(computer.Model),
      productVersion: firmwareText(product?.Version),
      serial: firmwareText(product?.IdentifyingNumber ?? bios?.SerialNumber),
      assetTag: firmwareText(enclosure?.SMBIOSAssetTag),
      chassisType: orNull(enclosure?.ChassisTypes?.[0]),
      biosVendor: firmwareText(bios?.Manufacturer),
      biosVersion: firmwareText(bios?.SMBIOSBIOSVersion),
      biosDate: dayOf(bios?.ReleaseDate),
      cpuModel: firmwareText(processors?.[0]?.Name),
      cpuSockets: orNull(computer.NumberOfProcessors),
      cpuCores: sumOf(cores),
      cpuThreads: orNull(computer.NumberOfLogicalProcessors),
      hypervisor: HYPERVISORS.find(([pattern]) => pattern.test(said))?.[1] ?? null,
      memoryBytes: sizeOf(computer.TotalPhysicalMemory),
    };
  });
}

/** All of them must be known. */
function sumOf(numbers: ReadonlyArray<number | undefined> | undefined): number | null {
  if (numbers === undefined || numbers.length === 0) return null;
  let total = 0;
  for (const number of numbers) {
    if (number === undefined) return null;
    total += number;
  }
  return total;
}

const biosFact = ({ bios }: ColdAnswers): Fact[] =>
  windowsFact('bios', singleOf(bios), (row) => ({
    vendor: firmwareText(row.Manufacturer),
    version: firmwareText(row.SMBIOSBIOSVersion),
    date: dayOf(row.ReleaseDate),
    serial: firmwareText(row.SerialNumber),
    smbios: row.SMBIOSMajorVersion === undefined ? null : `${row.SMBIOSMajorVersion}.${row.SMBIOSMinorVersion ?? 0}`,
  }));

const boardFact = ({ board }: ColdAnswers): Fact[] =>
  windowsFact('board', singleOf(board), (row) => ({
    vendor: firmwareText(row.Manufacturer),
    product: firmwareText(row.Product),
    version: firmwareText(row.Version),
    serial: firmwareText(row.SerialNumber),
  }));

const KIB = 1_024;

const processorsFact = ({ processors }: ColdAnswers): Fact[] =>
  windowsFact('processors', processors, (rows) => ({
    processors: bounded(rows, ({ DeviceID }) => DeviceID ?? '', MAX_PARTS).list.map((row) => ({
      name: firmwareText(row.Name),
      vendor: firmwareText(row.Manufacturer),
      socket: firmwareText(row.SocketDesignation),
      cores: orNull(row.NumberOfCores),
      threads: orNull(row.NumberOfLogicalProcessors),
      mhz: orNull(row.MaxClockSpeed),
      l2Bytes: row.L2CacheSize === undefined ? null : row.L2CacheSize * KIB,
      l3Bytes: row.L3CacheSize === undefined ? null : row.L3CacheSize * KIB,
    })),
  }));

const modulesFact = ({ modules }: ColdAnswers): Fact[] =>
  windowsFact('memory-modules', modules, (rows) => ({
    modules: bounded(
      rows.map((row) => ({
        slot: firmwareText(row.DeviceLocator ?? row.BankLabel),
        sizeBytes: sizeOf(row.Capacity),
        mhz: orNull(row.ConfiguredClockSpeed ?? row.Speed),
        type: wordOf(MEMORY_TYPES, row.SMBIOSMemoryType),
        vendor: firmwareText(row.Manufacturer),
        part: firmwareText(row.PartNumber),
        serial: firmwareText(row.SerialNumber),
      })),
      ({ slot, serial }) => `${slot} ${serial}`,
      MAX_PARTS,
    ).list,
  }));
