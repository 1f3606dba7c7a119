// Hardware of a simulated Windows machine, class by class, as WMI of a virtual server or of a laptop tells it.
import { cimClass } from './cim-repository.ts';
import type { CimClass, CimValue } from './cim-value.ts';
import type { MachineView } from './windows-machine.ts';
import { adapterName } from './windows-performance.ts';

const V2 = 'root/cimv2';
const STORAGE = 'root/microsoft/windows/storage';
const WMI = 'root/wmi';
type Rows = () => ReadonlyArray<Record<string, CimValue>>;
const bytes = (kb: number): bigint => BigInt(kb) * 1_024n;
/** Character codes with a zero at the end, as WmiMonitorID has its texts. */
const codes = (text: string): number[] => [...Array.from(text, (char) => char.charCodeAt(0)), 0, 0];

const one =
  (row: () => Record<string, CimValue>): Rows =>
  () => [row()];
const none: Rows = () => [];

function systemClasses(machine: MachineView): CimClass[] {
  const { base, name, domain, isServer } = machine;
  return [
    cimClass(
      V2,
      'Win32_ComputerSystem',
      'Name DNSHostName Manufacturer Model SystemFamily Domain Workgroup PartOfDomain DomainRole TotalPhysicalMemory NumberOfProcessors NumberOfLogicalProcessors HypervisorPresent UserName PCSystemType',
      one(() => ({
        Name: name,
        DNSHostName: name.toLowerCase(),
        Manufacturer: 'RMM Lab (simulated)',
        Model: isServer ? 'Simulated Server' : 'Simulated Laptop',
        SystemFamily: 'Simulated',
        Domain: domain === undefined ? 'WORKGROUP' : `${domain.toLowerCase()}.example`,
        Workgroup: domain === undefined ? 'WORKGROUP' : null,
        PartOfDomain: domain !== undefined,
        // 0 standalone workstation, 1 member workstation, 2 standalone server, 3 member server.
        DomainRole: (isServer ? 2 : 0) + (domain === undefined ? 0 : 1),
        TotalPhysicalMemory: bytes(base.memoryKb),
        NumberOfProcessors: 1,
        NumberOfLogicalProcessors: base.cpuCount,
        HypervisorPresent: isServer,
        UserName: isServer ? null : `${name}\\user`,
        PCSystemType: isServer ? 4 : 2,
      })),
    ),
    cimClass(
      V2,
      'Win32_ComputerSystemProduct',
      'Vendor Name Version IdentifyingNumber UUID Caption',
      one(() => ({
        Vendor: 'RMM Lab (simulated)',
        Name: isServer ? 'Simulated Server' : 'Simulated Laptop',
        Version: '1.0',
        IdentifyingNumber: base.serial,
        UUID: base.smbiosUuid.toUpperCase(),
        Caption: 'Computer System Product',
      })),
    ),
  ];
}

function boardClasses(machine: MachineView): CimClass[] {
  const { base, isServer } = machine;
  return [
    cimClass(
      V2,
      'Win32_SystemEnclosure',
      'ChassisTypes SerialNumber SMBIOSAssetTag Manufacturer',
      one(() => ({
        ChassisTypes: [isServer ? 1 : 10],
        SerialNumber: base.serial,
        SMBIOSAssetTag: 'No Asset Tag',
        Manufacturer: 'RMM Lab (simulated)',
      })),
    ),
    cimClass(
      V2,
      'Win32_BIOS',
      'Manufacturer SMBIOSBIOSVersion ReleaseDate SerialNumber SMBIOSMajorVersion SMBIOSMinorVersion Name Version BIOSVersion',
      one(() => ({
        Manufacturer: 'RMM Lab (simulated)',
        SMBIOSBIOSVersion: 'SIM.1.0',
        ReleaseDate: { at: Date.UTC(2024, 10, 12) },
        SerialNumber: base.serial,
        SMBIOSMajorVersion: 2,
        SMBIOSMinorVersion: 7,
        Name: 'SIM.1.0',
        Version: 'SIM - 1',
        BIOSVersion: ['SIM - 1', 'SIM.1.0'],
      })),
    ),
    cimClass(
      V2,
      'Win32_BaseBoard',
      'Manufacturer Product Version SerialNumber',
      one(() => ({
        Manufacturer: 'RMM Lab (simulated)',
        Product: '440BX Simulated Board',
        Version: null,
        SerialNumber: base.serial,
      })),
    ),
  ];
}

function partClasses(machine: MachineView): CimClass[] {
  const { base, isServer } = machine;
  return [
    cimClass(
      V2,
      'Win32_Processor',
      'DeviceID Name Manufacturer SocketDesignation NumberOfCores NumberOfLogicalProcessors MaxClockSpeed CurrentClockSpeed L2CacheSize L3CacheSize LoadPercentage Architecture ProcessorId',
      one(() => ({
        DeviceID: 'CPU0',
        Name: 'Simulated(R) CPU @ 2.40GHz',
        Manufacturer: 'GenuineSimulated',
        SocketDesignation: 'CPU socket #0',
        NumberOfCores: Math.max(1, base.cpuCount / 2),
        NumberOfLogicalProcessors: base.cpuCount,
        MaxClockSpeed: 2_400,
        CurrentClockSpeed: 2_400,
        L2CacheSize: 1_024,
        L3CacheSize: 32_768,
        LoadPercentage: null,
        Architecture: 9,
        ProcessorId: '0F8BFBFF000306F0',
      })),
    ),
    cimClass(
      V2,
      'Win32_PhysicalMemory',
      'DeviceLocator BankLabel Capacity Speed ConfiguredClockSpeed SMBIOSMemoryType FormFactor Manufacturer PartNumber SerialNumber',
      () =>
        [0, 1].map((slot) => ({
          DeviceLocator: `RAM slot #${slot}`,
          BankLabel: `RAM slot #${slot}`,
          Capacity: bytes(Math.ceil(base.memoryKb / 1_048_576) * 524_288),
          Speed: 3_200,
          ConfiguredClockSpeed: 3_200,
          SMBIOSMemoryType: 26, // DDR4
          FormFactor: isServer ? 8 : 12,
          Manufacturer: 'RMM Lab',
          PartNumber: 'SIM-DDR4',
          SerialNumber: `${base.serial}-M${slot}`,
        })),
    ),
  ];
}

function deviceClasses(machine: MachineView): CimClass[] {
  const { isServer } = machine;
  return [
    cimClass(
      V2,
      'Win32_VideoController',
      'Name AdapterCompatibility AdapterRAM DriverVersion DriverDate CurrentHorizontalResolution CurrentVerticalResolution',
      one(() => ({
        Name: 'Simulated Display Adapter',
        AdapterCompatibility: 'RMM Lab',
        AdapterRAM: 8_388_608n,
        DriverVersion: '10.0.17763.1',
        DriverDate: { at: Date.UTC(2006, 5, 21) },
        CurrentHorizontalResolution: isServer ? null : 1_920,
        CurrentVerticalResolution: isServer ? null : 1_080,
      })),
    ),
    cimClass(V2, 'Win32_USBController', 'Name Manufacturer DeviceID Status', () =>
      ['USB xHCI', 'USB EHCI'].map((Name, i) => ({
        Name: `Standard ${Name} Host Controller`,
        Manufacturer: '(Standard USB Host Controller)',
        DeviceID: `PCI\\VEN_15AD&DEV_077${i}&SUBSYS_077${i}`,
        Status: 'OK',
      })),
    ),
    cimClass(
      WMI,
      'WmiMonitorID',
      'InstanceName Active ManufacturerName UserFriendlyName ProductCodeID SerialNumberID YearOfManufacture WeekOfManufacture',
      isServer
        ? none
        : one(() => ({
            InstanceName: 'DISPLAY\\SIM0001\\4&1_0',
            Active: true,
            ManufacturerName: codes('SIM'),
            UserFriendlyName: codes('Simulated 24'),
            ProductCodeID: codes('A1B2'),
            SerialNumberID: codes('S0001'),
            YearOfManufacture: 2_023,
            WeekOfManufacture: 14,
          })),
    ),
  ];
}

function batteryClasses(machine: MachineView): CimClass[] {
  const { isServer } = machine;
  return [
    cimClass(
      V2,
      'Win32_Battery',
      'DeviceID Name Chemistry BatteryStatus EstimatedChargeRemaining',
      isServer
        ? none
        : one(() => ({
            DeviceID: 'SIM-BAT',
            Name: 'Simulated Battery',
            Chemistry: 6,
            BatteryStatus: 2,
            EstimatedChargeRemaining: 87,
          })),
    ),
    cimClass(
      WMI,
      'BatteryStaticData',
      'InstanceName DesignedCapacity',
      isServer ? none : one(() => ({ InstanceName: 'ACPI\\PNP0C0A\\1_0', DesignedCapacity: 50_000 })),
    ),
    cimClass(
      WMI,
      'BatteryFullChargedCapacity',
      'InstanceName FullChargedCapacity',
      isServer ? none : one(() => ({ InstanceName: 'ACPI\\PNP0C0A\\1_0', FullChargedCapacity: 41_200 })),
    ),
  ];
}

function storageClasses(machine: MachineView): CimClass[] {
  const { base } = machine;
  const disks = () => base.disks.map((disk, i) => ({ ...disk, i }));
  return [
    cimClass(
      V2,
      'Win32_DiskDrive',
      'Index DeviceID Model SerialNumber FirmwareRevision InterfaceType MediaType Size Partitions Status Caption',
      () =>
        disks().map(({ i, sizeKb }) => ({
          Index: i,
          DeviceID: `\\\\.\\PHYSICALDRIVE${i}`,
          Model: 'Simulated SCSI Disk Device',
          SerialNumber: `${base.serial}-D${i}`,
          FirmwareRevision: '2.0',
          InterfaceType: 'SCSI',
          MediaType: 'Fixed hard disk media',
          Size: bytes(sizeKb + 560_000),
          Partitions: i === 0 ? 2 : 1,
          Status: 'OK',
          Caption: 'Simulated SCSI Disk Device',
        })),
    ),
    cimClass(
      STORAGE,
      'MSFT_PhysicalDisk',
      'DeviceId FriendlyName MediaType BusType HealthStatus OperationalStatus SpindleSpeed Size',
      () =>
        disks().map(({ i, sizeKb }) => ({
          DeviceId: String(i),
          FriendlyName: 'Simulated SCSI Disk Device',
          MediaType: 4, // SSD
          BusType: 10, // SAS
          HealthStatus: 0,
          OperationalStatus: [2],
          SpindleSpeed: 0,
          Size: bytes(sizeKb + 560_000),
        })),
    ),
    cimClass(V2, 'Win32_DiskPartition', 'DiskIndex Index Name Size Type BootPartition', () =>
      disks().flatMap(({ i, sizeKb }) => [
        ...(i === 0
          ? [
              {
                DiskIndex: 0,
                Index: 0,
                Name: 'Disk #0, Partition #0',
                Size: bytes(512_000),
                Type: 'GPT: System',
                BootPartition: true,
              },
            ]
          : []),
        {
          DiskIndex: i,
          Index: i === 0 ? 1 : 0,
          Name: `Disk #${i}, Partition #${i === 0 ? 1 : 0}`,
          Size: bytes(sizeKb),
          Type: 'GPT: Basic Data',
          BootPartition: false,
        },
      ]),
    ),
  ];
}

function volumeClasses(machine: MachineView): CimClass[] {
  const { base, letters } = machine;
  const disks = () => base.disks.map((disk, i) => ({ ...disk, i, letter: letters[i] ?? '' }));
  const used = () => machine.reading().filesystems;
  return [
    cimClass(
      V2,
      'Win32_Volume',
      'DriveLetter Name Label FileSystem Capacity FreeSpace DriveType DirtyBitSet DeviceID',
      () =>
        disks().map(({ i, letter, sizeKb }) => ({
          DriveLetter: letter,
          Name: `${letter}\\`,
          Label: i === 0 ? null : 'Data',
          FileSystem: 'NTFS',
          Capacity: bytes(sizeKb),
          FreeSpace: bytes(sizeKb - (used()[i]?.usedKb ?? 0)),
          DriveType: 3,
          DirtyBitSet: false,
          DeviceID: `\\\\?\\Volume{${base.smbiosUuid.slice(0, -1)}${i}}\\`,
        })),
    ),
    cimClass(V2, 'Win32_LogicalDisk', 'DeviceID DriveType Size FreeSpace FileSystem VolumeName ProviderName', () => [
      ...disks().map(({ i, letter, sizeKb }) => ({
        DeviceID: letter,
        DriveType: 3,
        Size: bytes(sizeKb),
        FreeSpace: bytes(sizeKb - (used()[i]?.usedKb ?? 0)),
        FileSystem: 'NTFS',
        VolumeName: i === 0 ? '' : 'Data',
      })),
      // A drive for discs that holds none: its sizes are NULL.
      { DeviceID: 'Z:', DriveType: 5 },
    ]),
  ];
}

function adapterClasses(machine: MachineView): CimClass[] {
  return [
    cimClass(
      V2,
      'Win32_NetworkAdapter',
      'Index InterfaceIndex NetConnectionID Name Description MACAddress Manufacturer Speed NetConnectionStatus NetEnabled AdapterType PhysicalAdapter GUID PNPDeviceID',
      () => [
        ...machine.base.nics.map((nic, i) => ({
          Index: i + 1,
          InterfaceIndex: i + 4,
          NetConnectionID: `Ethernet${i}`,
          Name: adapterName(i),
          Description: adapterName(i),
          MACAddress: nic.mac.toUpperCase(),
          Manufacturer: 'RMM Lab',
          Speed: 1_000_000_000n,
          NetConnectionStatus: 2,
          NetEnabled: true,
          AdapterType: 'Ethernet 802.3',
          PhysicalAdapter: true,
          GUID: `{${machine.machineGuid.slice(0, -1)}${i}}`,
          PNPDeviceID: `PCI\\VEN_15AD&DEV_07B0\\${i}`,
        })),
        { Index: 0, Name: 'Microsoft Kernel Debug Network Adapter', PhysicalAdapter: false, NetEnabled: null },
      ],
    ),
  ];
}

export const windowsHardware = (machine: MachineView): CimClass[] => [
  ...systemClasses(machine),
  ...boardClasses(machine),
  ...partClasses(machine),
  ...deviceClasses(machine),
  ...batteryClasses(machine),
  ...storageClasses(machine),
  ...volumeClasses(machine),
  ...adapterClasses(machine),
];
