// What the fleet shows of a device: eight numbers out of all its readings; NaN is unknown.
import { splitSeriesKey } from '#shared/model/series-key.ts';

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

const unknown = (): Glance => ({
  cpu: Number.NaN,
  memory: Number.NaN,
  disk: Number.NaN,
  mount: '',
  load: Number.NaN,
  rx: Number.NaN,
  tx: Number.NaN,
  uptime: Number.NaN,
});

const larger = (known: number, value: number): number => (known >= value ? known : value);

const TAKE: Readonly<Record<string, (glance: Glance, value: number, instance: string) => void>> = {
  'cpu.used_ratio': (glance, value) => {
    glance.cpu = value;
  },
  'memory.used_ratio': (glance, value) => {
    glance.memory = value;
  },
  'filesystem.used_ratio': (glance, value, instance) => {
    if (glance.disk >= value) return;
    glance.disk = value;
    glance.mount = instance;
  },
  'load.1': (glance, value) => {
    glance.load = value;
  },
  'network.rx_rate': (glance, value) => {
    glance.rx = larger(glance.rx, value);
  },
  'network.tx_rate': (glance, value) => {
    glance.tx = larger(glance.tx, value);
  },
  'system.uptime': (glance, value) => {
    glance.uptime = value;
  },
};

/** The readings a glance is made of, in the API's comma-separated form. */
export const GLANCE_NAMES: string = Object.keys(TAKE).join(',');

/** `values` as the feed sends them: by series key, absent is unknown. */
export function glanceOf(values: Readonly<Record<string, number>>): Glance {
  const glance = unknown();
  for (const key in values) {
    const value = values[key];
    const { name, instance } = splitSeriesKey(key);
    if (value !== undefined) TAKE[name]?.(glance, value, instance);
  }
  return glance;
}
