// What the fleet shows of a device: eight numbers out of all its readings; NaN is unknown.
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

const FILESYSTEM = 'filesystem.used_ratio';
const RECEIVED = 'network.rx_rate';
const SENT = 'network.tx_rate';
const OF_DEVICE = {
  cpu: 'cpu.used_ratio',
  memory: 'memory.used_ratio',
  load: 'load.1',
  uptime: 'system.uptime',
} as const;

/** The readings a glance is made of, in the API's comma-separated form. */
export const GLANCE_NAMES: string = [...Object.values(OF_DEVICE), FILESYSTEM, RECEIVED, SENT].join(',');

// With the space that parts a name from its instance, see series-key.ts.
const [filesystemKey, receivedKey, sentKey] = [`${FILESYSTEM} `, `${RECEIVED} `, `${SENT} `];

/** `values` as the feed sends them: by series key, absent is unknown. A thousand times a second in a large fleet. */
export function glanceOf(values: Readonly<Record<string, number>>): Glance {
  const of = (name: string) => values[name] ?? Number.NaN;
  const glance: Glance = {
    cpu: of(OF_DEVICE.cpu),
    memory: of(OF_DEVICE.memory),
    load: of(OF_DEVICE.load),
    uptime: of(OF_DEVICE.uptime),
    disk: Number.NaN,
    mount: '',
    rx: Number.NaN,
    tx: Number.NaN,
  };
  for (const key in values) {
    const value = values[key] ?? Number.NaN;
    if (key.startsWith(filesystemKey)) {
      if (glance.disk >= value) continue;
      glance.disk = value;
      glance.mount = key.slice(filesystemKey.length);
    } else if (key.startsWith(receivedKey)) glance.rx = larger(glance.rx, value);
    else if (key.startsWith(sentKey)) glance.tx = larger(glance.tx, value);
  }
  return glance;
}

/** NaN is smaller than all. */
const larger = (known: number, value: number): number => (known >= value ? known : value);
