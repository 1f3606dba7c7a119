// What of a device is worth a look: full disks, little memory, work that waits, failed services, a restart not long ago.
import { splitSeriesKey } from '#shared/model/series-key.ts';

export interface Unusual {
  what: 'disk' | 'memory' | 'cpu' | 'wait' | 'load' | 'services' | 'restart';
  /** Of a disk: where it is mounted. */
  where?: string;
  value: number;
}

/** From here on a share is worth a look; checks with limits of their own are another release's. */
const HIGH = 0.9;
/** A fifth of the time in which everything waited for disks. */
const MUCH_WAITING = 0.2;
/** As long as somebody may still ask why. */
const RECENT_MS = 3_600_000;

export function unusualIn(values: Readonly<Record<string, number>>): Unusual[] {
  const found: Unusual[] = [];
  for (const [key, value] of Object.entries(values)) {
    const { name, instance } = splitSeriesKey(key);
    if (name === 'filesystem.used_ratio' && value >= HIGH) found.push({ what: 'disk', where: instance, value });
  }
  found.sort((a, b) => b.value - a.value);
  const over = (what: Unusual['what'], name: string, limit: number) => {
    const value = values[name];
    if (value !== undefined && value >= limit) found.push({ what, value });
  };
  over('memory', 'memory.used_ratio', HIGH);
  over('cpu', 'cpu.used_ratio', HIGH);
  over('wait', 'cpu.iowait_ratio', MUCH_WAITING);
  over('services', 'service.failed', 1);
  const uptime = values['system.uptime'];
  if (uptime !== undefined && uptime < RECENT_MS) found.push({ what: 'restart', value: uptime });
  return found;
}
