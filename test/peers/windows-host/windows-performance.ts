// Performance of a simulated Windows machine: raw counters that rise with its load, as the PerfRawData classes have them.
import { cimClass } from './cim-repository.ts';
import type { CimClass } from './cim-value.ts';
import type { MachineView } from './windows-machine.ts';

const V2 = 'root/cimv2';
/** Counters of time count 100 ns (PERF_100NSEC_TIMER). */
const PER_SECOND = 10_000_000;
/** A tick of the load model is a hundredth of a second. */
const PER_TICK = PER_SECOND / 100;

/** 100 ns since 1601, the clock of the counters. */
const stamp = (ms: number): bigint => BigInt(Math.floor(ms)) * 10_000n + 116_444_736_000_000_000n;

/** The model rounds each of its parts down, so that what is left can fall by a tick within a moment; a counter never does. */
function risingIdle(machine: MachineView): () => number {
  let held = { bootedAt: 0, ticks: 0 };
  return () => {
    const { cpu } = machine.reading();
    const former = held.bootedAt === machine.bootedAt ? held.ticks : 0;
    held = { bootedAt: machine.bootedAt, ticks: Math.max(former, cpu.idle + cpu.iowait) };
    return held.ticks;
  };
}

function processorRows(machine: MachineView, idleTicks: number) {
  const { cpu } = machine.reading();
  const { cpuCount } = machine.base;
  const row = (Name: string, share: number) => ({
    Name,
    // Of the idle thread: PERF_100NSEC_TIMER_INV.
    PercentProcessorTime: BigInt(Math.floor(idleTicks * PER_TICK * share)),
    PercentUserTime: BigInt(Math.floor((cpu.user + cpu.nice) * PER_TICK * share)),
    PercentPrivilegedTime: BigInt(Math.floor((cpu.system + cpu.steal) * PER_TICK * share)),
    Timestamp_Sys100NS: stamp(machine.now()),
  });
  // _Total is the mean of all of them.
  const each = 1 / cpuCount;
  return [...Array.from({ length: cpuCount }, (_, i) => row(String(i), each)), row('_Total', each)];
}

function memoryRows(machine: MachineView) {
  const { memory } = machine.reading();
  const cached = memory.cachedKb * 1_024;
  return [
    {
      AvailableBytes: BigInt(memory.availableKb) * 1_024n,
      CacheBytes: BigInt(Math.floor(cached * 0.3)),
      StandbyCacheCoreBytes: BigInt(Math.floor(cached * 0.1)),
      StandbyCacheNormalPriorityBytes: BigInt(Math.floor(cached * 0.6)),
      StandbyCacheReserveBytes: BigInt(Math.floor(cached * 0.2)),
      ModifiedPageListBytes: BigInt(Math.floor(cached * 0.1)),
      PagesPersec: Math.floor(machine.reading().load[0]),
      Timestamp_Sys100NS: stamp(machine.now()),
    },
  ];
}

const SECTOR = 512n;

function diskRows(machine: MachineView, nameOf: (index: number) => string) {
  const { disks, uptimeCs } = machine.reading();
  const up = BigInt(uptimeCs) * BigInt(PER_TICK);
  const rows = disks.map((disk, i) => ({
    Name: nameOf(i),
    DiskReadBytesPersec: BigInt(disk.readSectors) * SECTOR,
    DiskWriteBytesPersec: BigInt(disk.writeSectors) * SECTOR,
    DiskReadsPersec: disk.reads,
    DiskWritesPersec: disk.writes,
    PercentIdleTime: up > BigInt(disk.busyMs) * 10_000n ? up - BigInt(disk.busyMs) * 10_000n : 0n,
    PercentIdleTime_Base: up,
    PercentDiskTime: BigInt(disk.busyMs) * 10_000n,
    AvgDiskQueueLength: BigInt(disk.busyMs) * 12_000n,
    CurrentDiskQueueLength: 0,
    Timestamp_Sys100NS: stamp(machine.now()),
  }));
  const [first] = rows;
  return first === undefined ? rows : [...rows, { ...first, Name: '_Total' }];
}

const DISK_PROPERTIES =
  'Name DiskReadBytesPersec DiskWriteBytesPersec DiskReadsPersec DiskWritesPersec PercentIdleTime PercentIdleTime_Base PercentDiskTime AvgDiskQueueLength CurrentDiskQueueLength Timestamp_Sys100NS';

/** As performance counters spell an adapter: brackets for parentheses, underscores for # and slashes. */
export const adapterName = (index: number): string =>
  index === 0 ? 'vmxnet3 Ethernet Adapter' : `vmxnet3 Ethernet Adapter #${index + 1}`;

function interfaceRows(machine: MachineView) {
  const { nics } = machine.reading();
  return nics.map((nic, i) => ({
    Name: adapterName(i).replaceAll('#', '_'),
    BytesReceivedPersec: BigInt(nic.rxBytes),
    BytesSentPersec: BigInt(nic.txBytes),
    BytesTotalPersec: BigInt(nic.rxBytes + nic.txBytes),
    PacketsReceivedPersec: nic.rxPackets,
    PacketsSentPersec: nic.txPackets,
    PacketsReceivedErrors: nic.rxErrors,
    PacketsOutboundErrors: nic.txErrors,
    PacketsReceivedDiscarded: nic.rxDrops,
    PacketsOutboundDiscarded: nic.txDrops,
    CurrentBandwidth: 1_000_000_000n,
    Timestamp_Sys100NS: stamp(machine.now()),
  }));
}

const processorClass = (machine: MachineView, idle = risingIdle(machine)): CimClass =>
  cimClass(
    V2,
    'Win32_PerfRawData_PerfOS_Processor',
    'Name PercentProcessorTime PercentUserTime PercentPrivilegedTime Timestamp_Sys100NS',
    () => processorRows(machine, idle()),
  );

export const windowsPerformance = (machine: MachineView): CimClass[] => [
  processorClass(machine),
  cimClass(
    V2,
    'Win32_PerfRawData_PerfOS_Memory',
    'AvailableBytes CacheBytes StandbyCacheCoreBytes StandbyCacheNormalPriorityBytes StandbyCacheReserveBytes ModifiedPageListBytes PagesPersec Timestamp_Sys100NS',
    () => memoryRows(machine),
  ),
  cimClass(V2, 'Win32_PerfRawData_PerfDisk_PhysicalDisk', DISK_PROPERTIES, () =>
    diskRows(machine, (i) => `${i} ${machine.letters[i]}`),
  ),
  cimClass(V2, 'Win32_PerfRawData_PerfDisk_LogicalDisk', DISK_PROPERTIES, () =>
    diskRows(machine, (i) => machine.letters[i] ?? ''),
  ),
  cimClass(
    V2,
    'Win32_PerfRawData_Tcpip_NetworkInterface',
    'Name BytesReceivedPersec BytesSentPersec BytesTotalPersec PacketsReceivedPersec PacketsSentPersec PacketsReceivedErrors PacketsOutboundErrors PacketsReceivedDiscarded PacketsOutboundDiscarded CurrentBandwidth Timestamp_Sys100NS',
    () => interfaceRows(machine),
  ),
];
