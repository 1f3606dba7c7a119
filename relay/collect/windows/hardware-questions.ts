// What a relay asks about a Windows machine's hardware: twelve classes of the inventory and two that complete them.
import { question } from './ask-cim.ts';

const STORAGE = 'root/microsoft/windows/storage';
const WMI = 'root/wmi';

export const HARDWARE = {
  computer: question({
    from: 'Win32_ComputerSystem',
    select: {
      Name: 'text',
      DNSHostName: 'text',
      Manufacturer: 'text',
      Model: 'text',
      SystemFamily: 'text',
      Domain: 'text',
      Workgroup: 'text',
      PartOfDomain: 'boolean',
      DomainRole: 'integer',
      TotalPhysicalMemory: 'big',
      NumberOfProcessors: 'integer',
      NumberOfLogicalProcessors: 'integer',
      HypervisorPresent: 'boolean',
      UserName: 'text',
    },
  }),
  product: question({
    from: 'Win32_ComputerSystemProduct',
    select: { Vendor: 'text', Name: 'text', Version: 'text', IdentifyingNumber: 'text' },
  }),
  enclosure: question({
    from: 'Win32_SystemEnclosure',
    select: { ChassisTypes: 'integers', SerialNumber: 'text', SMBIOSAssetTag: 'text' },
  }),
  bios: question({
    from: 'Win32_BIOS',
    select: {
      Manufacturer: 'text',
      SMBIOSBIOSVersion: 'text',
      ReleaseDate: 'time',
      SerialNumber: 'text',
      SMBIOSMajorVersion: 'integer',
      SMBIOSMinorVersion: 'integer',
    },
  }),
  board: question({
    from: 'Win32_BaseBoard',
    select: { Manufacturer: 'text', Product: 'text', Version: 'text', SerialNumber: 'text' },
  }),
  /** LoadPercentage is left out: reading it makes the machine measure for a second. */
  processors: question({
    from: 'Win32_Processor',
    select: {
      DeviceID: 'text',
      Name: 'text',
      Manufacturer: 'text',
      SocketDesignation: 'text',
      NumberOfCores: 'integer',
      NumberOfLogicalProcessors: 'integer',
      MaxClockSpeed: 'integer',
      L2CacheSize: 'integer',
      L3CacheSize: 'integer',
    },
  }),
  modules: question({
    from: 'Win32_PhysicalMemory',
    select: {
      DeviceLocator: 'text',
      BankLabel: 'text',
      Capacity: 'big',
      Speed: 'integer',
      ConfiguredClockSpeed: 'integer',
      SMBIOSMemoryType: 'integer',
      FormFactor: 'integer',
      Manufacturer: 'text',
      PartNumber: 'text',
      SerialNumber: 'text',
    },
  }),
  drives: question({
    from: 'Win32_DiskDrive',
    select: {
      Index: 'integer',
      DeviceID: 'text',
      Model: 'text',
      SerialNumber: 'text',
      FirmwareRevision: 'text',
      InterfaceType: 'text',
      MediaType: 'text',
      Size: 'big',
      Partitions: 'integer',
      Status: 'text',
    },
  }),
  /** What kind of drive it is and how it feels; Win32_DiskDrive knows neither. */
  storage: question({
    namespace: STORAGE,
    from: 'MSFT_PhysicalDisk',
    select: {
      DeviceId: 'text',
      MediaType: 'integer',
      BusType: 'integer',
      HealthStatus: 'integer',
      SpindleSpeed: 'integer',
    },
  }),
  partitions: question({
    from: 'Win32_DiskPartition',
    select: { DiskIndex: 'integer', Index: 'integer', Name: 'text', Size: 'big', Type: 'text' },
  }),
  volumes: question({
    from: 'Win32_Volume',
    select: {
      DriveLetter: 'text',
      Name: 'text',
      Label: 'text',
      FileSystem: 'text',
      Capacity: 'big',
      FreeSpace: 'big',
      DriveType: 'integer',
      DirtyBitSet: 'boolean',
    },
    // 2 removable, 3 fixed: a mounted file server is no volume of this machine.
    where: 'DriveType=2 OR DriveType=3',
  }),
  graphics: question({
    from: 'Win32_VideoController',
    select: {
      Name: 'text',
      AdapterCompatibility: 'text',
      AdapterRAM: 'big',
      DriverVersion: 'text',
      DriverDate: 'time',
      CurrentHorizontalResolution: 'integer',
      CurrentVerticalResolution: 'integer',
    },
  }),
  adapters: question({
    from: 'Win32_NetworkAdapter',
    select: {
      Index: 'integer',
      NetConnectionID: 'text',
      Name: 'text',
      MACAddress: 'text',
      Manufacturer: 'text',
      Speed: 'big',
      NetConnectionStatus: 'integer',
      NetEnabled: 'boolean',
      AdapterType: 'text',
      PhysicalAdapter: 'boolean',
    },
    where: 'PhysicalAdapter=TRUE OR NetEnabled=TRUE',
  }),
  usb: question({
    from: 'Win32_USBController',
    select: { Name: 'text', Manufacturer: 'text', DeviceID: 'text', Status: 'text' },
  }),
  /** Names are arrays of character codes that end with zeros. */
  monitors: question({
    namespace: WMI,
    from: 'WmiMonitorID',
    select: {
      InstanceName: 'text',
      Active: 'boolean',
      ManufacturerName: 'integers',
      UserFriendlyName: 'integers',
      ProductCodeID: 'integers',
      SerialNumberID: 'integers',
      YearOfManufacture: 'integer',
      WeekOfManufacture: 'integer',
    },
  }),
  batteries: question({
    from: 'Win32_Battery',
    select: {
      DeviceID: 'text',
      Name: 'text',
      Chemistry: 'integer',
      BatteryStatus: 'integer',
      EstimatedChargeRemaining: 'integer',
    },
  }),
  /** mWh; what a battery could hold when it was new, and what it holds now. */
  batteryDesign: question({
    namespace: WMI,
    from: 'BatteryStaticData',
    select: { InstanceName: 'text', DesignedCapacity: 'integer' },
  }),
  batteryFull: question({
    namespace: WMI,
    from: 'BatteryFullChargedCapacity',
    select: { InstanceName: 'text', FullChargedCapacity: 'integer' },
  }),
} as const;
