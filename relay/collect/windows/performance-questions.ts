// What a relay asks a Windows machine every interval: raw counters that no language names and that cost it nothing to tell.
import { question } from './ask-cim.ts';

/**
 * Six questions, seven to nine round trips. Raw counters, because the machine's own averages (Win32_Processor.LoadPercentage and the
 * formatted classes) make it wait a second; differences are taken here.
 */
export const PERFORMANCE = {
  system: question({
    from: 'Win32_OperatingSystem',
    select: {
      LastBootUpTime: 'time',
      LocalDateTime: 'time',
      NumberOfProcesses: 'integer',
      // KiB, the four of them.
      TotalVisibleMemorySize: 'big',
      FreePhysicalMemory: 'big',
      SizeStoredInPagingFiles: 'big',
      FreeSpaceInPagingFiles: 'big',
    },
  }),
  /** Of all processors together, in units of 100 ns; PercentProcessorTime is the time of the idle thread (PERF_100NSEC_TIMER_INV). */
  processor: question({
    from: 'Win32_PerfRawData_PerfOS_Processor',
    select: { PercentProcessorTime: 'big', PercentUserTime: 'big', PercentPrivilegedTime: 'big' },
    where: "Name='_Total'",
  }),
  memory: question({
    from: 'Win32_PerfRawData_PerfOS_Memory',
    select: {
      StandbyCacheCoreBytes: 'big',
      StandbyCacheNormalPriorityBytes: 'big',
      StandbyCacheReserveBytes: 'big',
      ModifiedPageListBytes: 'big',
    },
  }),
  /** Local disks with a letter (DriveType 3), in bytes. */
  filesystems: question({
    from: 'Win32_LogicalDisk',
    select: { DeviceID: 'text', Size: 'big', FreeSpace: 'big' },
    where: 'DriveType=3',
  }),
  /** Whole disks, as "0 C: D:". PercentIdleTime with its base and AvgDiskQueueLength are units of 100 ns. */
  disks: question({
    from: 'Win32_PerfRawData_PerfDisk_PhysicalDisk',
    select: {
      Name: 'text',
      DiskReadBytesPersec: 'big',
      DiskWriteBytesPersec: 'big',
      DiskReadsPersec: 'big',
      DiskWritesPersec: 'big',
      PercentIdleTime: 'big',
      PercentIdleTime_Base: 'big',
      AvgDiskQueueLength: 'big',
    },
    where: "Name<>'_Total'",
  }),
  interfaces: question({
    from: 'Win32_PerfRawData_Tcpip_NetworkInterface',
    select: {
      Name: 'text',
      BytesReceivedPersec: 'big',
      BytesSentPersec: 'big',
      PacketsReceivedErrors: 'big',
      PacketsOutboundErrors: 'big',
      PacketsReceivedDiscarded: 'big',
      PacketsOutboundDiscarded: 'big',
      // Bits a second.
      CurrentBandwidth: 'big',
    },
  }),
} as const;

/** Every five minutes: services that should run by themselves and do not. */
export const STOPPED_SERVICES = {
  stopped: question({
    from: 'Win32_Service',
    select: { Name: 'text', State: 'text', ExitCode: 'integer' },
    where: "StartMode='Auto' AND State<>'Running'",
  }),
} as const;
