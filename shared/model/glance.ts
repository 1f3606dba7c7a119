// What the fleet shows of a device: eight numbers out of all its readings; NaN is unknown. Console and browser share this rule.
import { splitSeriesKey } from './series-key.ts';

export interface Glance {
  cpu: number;
  memory: number;
  /** The fullest filesystem, and where it is mounted. */
  disk: number;
  mount: string;
  load: number;
  /** Of the busiest interface: a bridge or bond carries again what its members carry, a sum would count it twice. */
  rx: number;
  tx: number;
  uptime: number;
}

/** The readings a glance is made of. */
export const GLANCE_READINGS = [
  'cpu.used_ratio',
  'memory.used_ratio',
  'load.1',
  'system.uptime',
  'filesystem.used_ratio',
  'network.rx_rate',
  'network.tx_rate',
] as const;

export const emptyGlance = (): Glance => ({
  cpu: Number.NaN,
  memory: Number.NaN,
  disk: Number.NaN,
  mount: '',
  load: Number.NaN,
  rx: Number.NaN,
  tx: Number.NaN,
  uptime: Number.NaN,
});

/** `values` as the feed sends them: by series key, absent is unknown. A thousand times a second in a large fleet. */
export function glanceOf(values: Readonly<Record<string, number>>): Glance {
  const glance = emptyGlance();
  for (const key in values) {
    const { name, instance } = splitSeriesKey(key);
    put(glance, name, instance, values[key] ?? Number.NaN);
  }
  return glance;
}

/** The same from derived readings, see derive.ts. */
export function glanceOfReadings(
  readings: Iterable<{ name: string; instance: string; value: number | undefined }>,
): Glance {
  const glance = emptyGlance();
  for (const { name, instance, value } of readings) put(glance, name, instance, value ?? Number.NaN);
  return glance;
}

function put(glance: Glance, name: string, instance: string, value: number): void {
  switch (name) {
    case 'cpu.used_ratio':
      glance.cpu = value;
      return;
    case 'memory.used_ratio':
      glance.memory = value;
      return;
    case 'load.1':
      glance.load = value;
      return;
    case 'system.uptime':
      glance.uptime = value;
      return;
    case 'filesystem.used_ratio':
      if (glance.disk >= value || Number.isNaN(value)) return;
      glance.disk = value;
      glance.mount = instance;
      return;
    case 'network.rx_rate':
      glance.rx = larger(glance.rx, value);
      return;
    case 'network.tx_rate':
      glance.tx = larger(glance.tx, value);
  }
}

/** NaN is smaller than all. */
const larger = (known: number, value: number): number => (known >= value || Number.isNaN(value) ? known : value);
