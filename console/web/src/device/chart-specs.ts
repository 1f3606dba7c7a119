// Which charts a device page has, and of which series each is made.
import type { MetricScope } from '#shared/model/metric-catalogue.ts';
import { splitSeriesKey } from '#shared/model/series-key.ts';
import type { en } from './text.en.ts';

type TextKey = keyof typeof en;

export interface ChartSpec {
  title: TextKey & `chart${string}`;
  unit: string;
  /** Of disks, interfaces and filesystems each is a group of lines. */
  scope: MetricScope;
  fixedTop?: number;
  lines: ReadonlyArray<{ name: string; label: TextKey & `line${string}` }>;
}

export interface ChartGroup {
  title: TextKey & `group${string}`;
  charts: readonly ChartSpec[];
}

const one = (name: string, label: ChartSpec['lines'][number]['label']) => ({ name, label });
const ofDevice = (
  title: ChartSpec['title'],
  unit: string,
  lines: ChartSpec['lines'],
  fixedTop?: number,
): ChartSpec => ({
  ...{ title, unit, scope: 'device', lines },
  ...(fixedTop === undefined ? {} : { fixedTop }),
});

const CPU = ofDevice(
  'chartCpu',
  'ratio',
  [one('cpu.used_ratio', 'lineUsed'), one('cpu.iowait_ratio', 'lineIoWait'), one('cpu.steal_ratio', 'lineStolen')],
  1,
);
const MEMORY = ofDevice(
  'chartMemory',
  'ratio',
  [one('memory.used_ratio', 'lineMemory'), one('swap.used_ratio', 'lineSwap')],
  1,
);
const LOAD = ofDevice('chartLoad', 'load', [
  one('load.1', 'lineLoad1'),
  one('load.5', 'lineLoad5'),
  one('load.15', 'lineLoad15'),
]);
const TRAFFIC: ChartSpec = {
  title: 'chartTraffic',
  unit: 'bytes/s',
  scope: 'interface',
  lines: [one('network.rx_rate', 'lineIn'), one('network.tx_rate', 'lineOut')],
};
const DISK: ChartSpec = {
  title: 'chartDisk',
  unit: 'bytes/s',
  scope: 'disk',
  lines: [one('disk.read_rate', 'lineRead'), one('disk.write_rate', 'lineWritten')],
};

/** The four one asks for first. */
export const FIRST_CHARTS: readonly ChartSpec[] = [CPU, MEMORY, TRAFFIC, DISK];

export const CHART_GROUPS: readonly ChartGroup[] = [
  {
    title: 'groupCpu',
    charts: [
      CPU,
      ofDevice('chartCpuParts', 'ratio', [one('cpu.user_ratio', 'lineUser'), one('cpu.system_ratio', 'lineSystem')], 1),
    ],
  },
  {
    title: 'groupMemory',
    charts: [
      MEMORY,
      ofDevice('chartMemoryBytes', 'bytes', [one('memory.used', 'lineMemory'), one('swap.used', 'lineSwap')]),
    ],
  },
  {
    title: 'groupDisks',
    charts: [
      {
        title: 'chartFilesystems',
        unit: 'ratio',
        scope: 'filesystem',
        fixedTop: 1,
        lines: [one('filesystem.used_ratio', 'lineUsed')],
      },
      DISK,
      { title: 'chartBusy', unit: 'ratio', scope: 'disk', fixedTop: 1, lines: [one('disk.busy_ratio', 'lineBusy')] },
      {
        title: 'chartRequests',
        unit: '1/s',
        scope: 'disk',
        lines: [one('disk.reads_rate', 'lineReads'), one('disk.writes_rate', 'lineWrites')],
      },
    ],
  },
  {
    title: 'groupNetwork',
    charts: [
      TRAFFIC,
      {
        title: 'chartDrops',
        unit: '1/s',
        scope: 'interface',
        lines: [one('network.rx_drop_rate', 'lineDropsIn'), one('network.rx_error_rate', 'lineErrorsIn')],
      },
    ],
  },
  {
    title: 'groupLoad',
    charts: [
      LOAD,
      // Shares of time in which work waited for want of something; older kernels do not tell.
      ofDevice('chartPressure', 'ratio', [
        one('pressure.cpu_ratio', 'lineCpu'),
        one('pressure.memory_ratio', 'lineMemory'),
        one('pressure.io_ratio', 'lineIo'),
      ]),
      ofDevice('chartProcesses', 'count', [
        one('process.total', 'lineTotal'),
        one('process.running', 'lineRunning'),
        one('process.blocked', 'lineBlocked'),
      ]),
    ],
  },
  {
    title: 'groupPolling',
    charts: [ofDevice('chartPoll', 'ms', [one('poll.duration', 'lineDuration')])],
  },
];

/** Drops of it are restarts. */
export const UPTIME = 'system.uptime';

/** All series of some charts, in the API's comma-separated form. */
export const namesOf = (charts: readonly ChartSpec[]): string =>
  [...new Set([...charts.flatMap((chart) => chart.lines.map(({ name }) => name)), UPTIME])].join(',');

const natural = new Intl.Collator('en', { numeric: true });

/** Instances that `name` has among the values, as people count. */
export function instancesOf(values: Readonly<Record<string, number>>, name: string): string[] {
  const found = Object.keys(values).flatMap((key) => {
    const parts = splitSeriesKey(key);
    return parts.name === name ? [parts.instance] : [];
  });
  return found.sort(natural.compare);
}
