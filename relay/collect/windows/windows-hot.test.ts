// A Windows machine is read exactly or not at all: missing is unknown, another boot drops differences, a broken line gives nothing.
import { expect, test } from 'vitest';
import type { HotReading } from '#relay/collect/collector.ts';
import type { Session } from '#relay/transport/transport.ts';
import { DeviceId } from '#shared/base/id.ts';
import { derive } from '#shared/model/derive.ts';
import { fromStored, metricById } from '#shared/model/metric-catalogue.ts';
import type { PollRecord } from '#shared/model/poll-record.ts';
import { type ComposedClasses, composedCim } from '#test/fixtures/composed-cim.ts';
import { seededBytes } from '#test/fixtures/seeded-random.ts';
import { windowsCollector } from './windows-collector.ts';

const BOOT = Date.parse('2026-03-01T08:00:00.500Z');
const MINUTE = 60_000;
/** The machine's time in units of 100 ns since 1601 at the start: above what a number holds exactly. */
const BASE = 134_168_832_000_000_000n;

/** A machine `minutes` after its start that used a quarter of its processor all the time. */
function classesAt(minutes: number, more: ComposedClasses = {}): ComposedClasses {
  const ms = minutes * MINUTE;
  const units = BigInt(ms) * 10_000n;
  return {
    Win32_OperatingSystem: [
      {
        LastBootUpTime: BOOT,
        LocalDateTime: BOOT + ms,
        NumberOfProcesses: 212,
        TotalVisibleMemorySize: 8_388_608n,
        FreePhysicalMemory: 2_097_152n,
        SizeStoredInPagingFiles: 1_048_576n,
        FreeSpaceInPagingFiles: 1_000_000n,
      },
    ],
    Win32_PerfRawData_PerfOS_Processor: [
      { PercentProcessorTime: (units * 3n) / 4n, PercentUserTime: units / 5n, PercentPrivilegedTime: units / 20n },
    ],
    Win32_PerfRawData_PerfOS_Memory: [
      {
        StandbyCacheCoreBytes: 1_024n,
        StandbyCacheNormalPriorityBytes: 2_048n,
        StandbyCacheReserveBytes: 4_096n,
        ModifiedPageListBytes: 1_024n,
      },
    ],
    Win32_LogicalDisk: [
      { DeviceID: 'C:', Size: 100_000_000_000n, FreeSpace: 40_000_000_000n },
      { DeviceID: 'E:', Size: undefined, FreeSpace: undefined },
    ],
    Win32_PerfRawData_PerfDisk_PhysicalDisk: [
      {
        Name: '0 C:',
        DiskReadBytesPersec: BigInt(ms) * 512n,
        DiskWriteBytesPersec: BigInt(ms) * 1_024n,
        DiskReadsPersec: BigInt(ms) / 100n,
        DiskWritesPersec: BigInt(ms) / 100n,
        PercentIdleTime: (units * 9n) / 10n,
        PercentIdleTime_Base: BASE + units,
        AvgDiskQueueLength: units / 5n,
      },
    ],
    Win32_PerfRawData_Tcpip_NetworkInterface: [
      {
        Name: 'Intel[R] Ethernet',
        BytesReceivedPersec: BigInt(ms),
        BytesSentPersec: 2n ** 60n,
        PacketsReceivedErrors: 0n,
        PacketsOutboundErrors: 0n,
        PacketsReceivedDiscarded: 3n,
        PacketsOutboundDiscarded: undefined,
      },
      { Name: 'isatap.{1}', BytesReceivedPersec: 1n },
    ],
    Win32_Service: [
      { Name: 'Spooler', State: 'Stopped', ExitCode: 1_067 },
      { Name: 'sppsvc', State: 'Stopped', ExitCode: 0 },
      { Name: 'edgeupdate', State: 'Stopped', ExitCode: 1_077 },
      { Name: 'WSearch', State: 'Start Pending', ExitCode: 1_053 },
    ],
    ...more,
  };
}

/** One session whose repository changes from reading to reading. */
function machine() {
  const collector = windowsCollector(seededBytes(1));
  const asked: string[] = [];
  let classes: ComposedClasses = {};
  const session: Session = {
    identity: { macs: [] },
    system: 'windows',
    hostname: 'fs01',
    isOpen: true,
    get cim() {
      return composedCim(classes, asked);
    },
    run: () => Promise.reject(new Error('a poll runs nothing')),
    read: () => Promise.reject(new Error('a poll reads no file')),
    write: () => Promise.reject(new Error('a poll writes nothing')),
    close: () => undefined,
  };
  const outcomeOf = (now: ComposedClasses) => {
    classes = now;
    return collector.collectHot(session, new AbortController().signal);
  };
  return {
    asked,
    outcomeOf,
    read: async (now: ComposedClasses): Promise<HotReading> => {
      const outcome = await outcomeOf(now);
      if (!outcome.ok) throw new Error(outcome.detail);
      return outcome.value;
    },
  };
}

const device = DeviceId.parse('0190f3a0-0000-7000-8000-000000000001');
const recordOf = ({ samples }: HotReading, at: number): PollRecord => ({
  device,
  at,
  series: samples.map(({ metric, instance }) => ({ metric, instance })),
  values: samples.map(({ value }) => value),
});

function reads({ samples }: HotReading, name: string, instance = ''): number | undefined {
  const found = samples.find((one) => metricById(one.metric)?.name === name && one.instance === instance);
  const metric = found === undefined ? undefined : metricById(found.metric);
  return metric === undefined || found?.value === undefined ? undefined : fromStored(metric, found.value);
}

async function derivedOver(from: ComposedClasses, to: ComposedClasses) {
  const peer = machine();
  const [first, second] = [await peer.read(from), await peer.read(to)];
  const derived = derive(recordOf(first, 1), recordOf(second, 2));
  return (name: string, instance = '') => derived.find((one) => one.name === name && one.instance === instance)?.value;
}

test('levels of a Windows machine are those of the catalogue', async () => {
  const reading = await machine().read(classesAt(10));
  expect(reads(reading, 'system.uptime')).toBe(600_000);
  expect(reads(reading, 'memory.total')).toBe(8_589_934_592);
  expect(reads(reading, 'memory.available')).toBe(2_147_483_648);
  expect(reads(reading, 'memory.cached')).toBe(8_192);
  expect(reads(reading, 'swap.total')).toBe(1_073_741_824);
  expect(reads(reading, 'process.total')).toBe(212);
  expect(reads(reading, 'filesystem.size', 'C:')).toBe(99_999_999_488 + 512);
  expect(reads(reading, 'filesystem.available', 'C:')).toBe(40_000_000_000);
  expect(reading.wallClockMs).toBe(BOOT + 600_000);
});

test('a drive without a medium, a tunnel and a counter that no number holds are unknown', async () => {
  const reading = await machine().read(classesAt(10));
  expect(reading.samples.some(({ instance }) => instance === 'E:' || instance.startsWith('isatap'))).toBe(false);
  expect(reads(reading, 'network.tx_bytes', 'Intel[R] Ethernet')).toBeUndefined();
  expect(reads(reading, 'network.tx_drops', 'Intel[R] Ethernet')).toBeUndefined();
  expect(reads(reading, 'network.rx_drops', 'Intel[R] Ethernet')).toBe(3);
});

test('shares and rates come out of the raw counters exactly', async () => {
  const value = await derivedOver(classesAt(10), classesAt(11));
  expect(value('cpu.used_ratio')).toBeCloseTo(0.25, 9);
  expect(value('cpu.system_ratio')).toBeCloseTo(0.05, 9);
  expect(value('disk.busy_ratio', 'Disk 0')).toBeCloseTo(0.1, 6);
  expect(value('disk.read_rate', 'Disk 0')).toBeCloseTo(512_000, 3);
  // A fifth of a request on average at twenty requests a second: ten milliseconds each.
  expect(value('disk.queue', 'Disk 0')).toBeCloseTo(0.2, 6);
  expect(value('disk.latency', 'Disk 0')).toBeCloseTo(10, 6);
  expect(value('network.rx_rate', 'Intel[R] Ethernet')).toBeCloseTo(1_000, 6);
});

test('another boot drops every difference, even when its counters stand higher', async () => {
  const later = {
    ...(classesAt(60).Win32_OperatingSystem?.[0] as object),
    LastBootUpTime: BOOT + 3_600_000,
    LocalDateTime: BOOT + 7_200_000,
  };
  const value = await derivedOver(classesAt(10), classesAt(60, { Win32_OperatingSystem: [later] }));
  expect(value('cpu.used_ratio')).toBeUndefined();
  expect(value('network.rx_rate', 'Intel[R] Ethernet')).toBeUndefined();
});

test('a clock that is set by a second is the same boot', async () => {
  const row = classesAt(11).Win32_OperatingSystem?.[0] as Record<string, number>;
  const moved = { ...row, LastBootUpTime: BOOT + 1_000, LocalDateTime: BOOT + 661_000 };
  const value = await derivedOver(classesAt(10), classesAt(11, { Win32_OperatingSystem: [moved] }));
  expect(value('cpu.used_ratio')).toBeCloseTo(0.25, 9);
});

test('services are asked for every five minutes, and one that ended well has not failed', async () => {
  const peer = machine();
  expect(reads(await peer.read(classesAt(10)), 'service.failed')).toBe(1);
  for (const minute of [11, 12, 13, 14]) {
    const reading = await peer.read(classesAt(minute, { Win32_Service: 'lost' }));
    expect(reads(reading, 'service.failed')).toBe(1);
  }
  expect(reads(await peer.read(classesAt(15, { Win32_Service: [] })), 'service.failed')).toBe(0);
  expect(peer.asked.filter((name) => name === 'Win32_Service')).toHaveLength(2);
});

test('a class that is refused costs its own metrics and nothing else', async () => {
  const reading = await machine().read(
    classesAt(10, { Win32_PerfRawData_PerfDisk_PhysicalDisk: 'denied', Win32_Service: 'denied' }),
  );
  expect(reads(reading, 'service.failed')).toBeUndefined();
  expect(reads(reading, 'memory.total')).toBe(8_589_934_592);
  expect(reading.notices.join()).toContain('disks: denied');
});

test('a line that ends gives no part of a reading, and a machine that refuses itself says so', async () => {
  const peer = machine();
  expect(await peer.outcomeOf(classesAt(10, { Win32_LogicalDisk: 'timed-out' }))).toMatchObject({
    reason: 'timed-out',
  });
  expect(peer.asked).not.toContain('Win32_PerfRawData_PerfDisk_PhysicalDisk');
  expect(await peer.outcomeOf(classesAt(10, { Win32_OperatingSystem: 'denied' }))).toMatchObject({ reason: 'denied' });
});
