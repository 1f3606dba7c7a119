// Metrics in words where people have some for them; else by the name they have everywhere.
import type { en } from './text.en.ts';
import { t } from './text.ts';

const WORDS: Readonly<Record<string, keyof typeof en & `metric_${string}`>> = {
  'cpu.used_ratio': 'metric_cpu',
  'cpu.iowait_ratio': 'metric_iowait',
  'cpu.steal_ratio': 'metric_steal',
  'memory.used_ratio': 'metric_memory',
  'swap.used_ratio': 'metric_swap',
  'load.1': 'metric_load',
  'filesystem.used_ratio': 'metric_filesystem',
  'disk.busy_ratio': 'metric_diskBusy',
  'disk.read_rate': 'metric_diskRead',
  'disk.write_rate': 'metric_diskWrite',
  'network.rx_rate': 'metric_rx',
  'network.tx_rate': 'metric_tx',
  'process.total': 'metric_processes',
  'service.failed': 'metric_failed',
  'poll.duration': 'metric_poll',
  'system.uptime': 'metric_uptime',
};

export function metricWords(name: string): string {
  const key = WORDS[name];
  return key === undefined ? name : t(key);
}

/** Both, so that it is found by either. */
export function metricLabel(name: string): string {
  const words = metricWords(name);
  return words === name ? name : `${words} · ${name}`;
}

/** A share is drawn up to all of it. */
export const topOfUnit = (unit: string): number | undefined => (unit === 'ratio' ? 1 : undefined);
