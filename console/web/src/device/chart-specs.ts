// Which charts a device page has, and of which series each is made.
import type { MetricScope } from '#shared/model/metric-catalogue.ts';
import { splitSeriesKey } from '#shared/model/series-key.ts';

export interface ChartSpec {
  title: string;
  unit: string;
  /** Charts of disks and interfaces show one of them, the busiest first. */
  scope: MetricScope;
  fixedTop?: number;
  lines: ReadonlyArray<{ name: string; label: string }>;
}

export const CHARTS: readonly ChartSpec[] = [
  {
    title: 'CPU',
    unit: 'ratio',
    scope: 'device',
    fixedTop: 1,
    lines: [
      { name: 'cpu.used_ratio', label: 'used' },
      { name: 'cpu.iowait_ratio', label: 'I/O wait' },
      { name: 'cpu.steal_ratio', label: 'stolen' },
    ],
  },
  {
    title: 'Memory',
    unit: 'ratio',
    scope: 'device',
    fixedTop: 1,
    lines: [
      { name: 'memory.used_ratio', label: 'memory' },
      { name: 'swap.used_ratio', label: 'swap' },
    ],
  },
  {
    title: 'Load',
    unit: 'load',
    scope: 'device',
    lines: [
      { name: 'load.1', label: '1 min' },
      { name: 'load.5', label: '5 min' },
      { name: 'load.15', label: '15 min' },
    ],
  },
  {
    title: 'Network',
    unit: 'bytes/s',
    scope: 'interface',
    lines: [
      { name: 'network.rx_rate', label: 'in' },
      { name: 'network.tx_rate', label: 'out' },
    ],
  },
  {
    title: 'Disk',
    unit: 'bytes/s',
    scope: 'disk',
    lines: [
      { name: 'disk.read_rate', label: 'read' },
      { name: 'disk.write_rate', label: 'write' },
    ],
  },
  {
    // Shares of time in which work waited for want of something; older kernels do not tell.
    title: 'Pressure',
    unit: 'ratio',
    scope: 'device',
    lines: [
      { name: 'pressure.cpu_ratio', label: 'CPU' },
      { name: 'pressure.memory_ratio', label: 'memory' },
      { name: 'pressure.io_ratio', label: 'I/O' },
    ],
  },
];

/** All series the charts need, in the API's comma-separated form. */
export const CHART_NAMES: string = CHARTS.flatMap((chart) => chart.lines.map(({ name }) => name)).join(',');

const natural = new Intl.Collator('en', { numeric: true });

/** Instances that `name` has among the values, as people count. */
export function instancesOf(values: Readonly<Record<string, number>>, name: string): string[] {
  const found = Object.keys(values).flatMap((key) => {
    const parts = splitSeriesKey(key);
    return parts.name === name ? [parts.instance] : [];
  });
  return found.sort(natural.compare);
}
