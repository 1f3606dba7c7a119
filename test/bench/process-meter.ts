// What a process costs, read from /proc: CPU seconds and memory, of a child or of ourselves.
import { readFileSync } from 'node:fs';

export interface ProcessUse {
  /** User and system time since it began, children not counted. */
  cpuS: number;
  rssMb: number;
  /** The most it ever held. */
  peakRssMb: number;
}

/** USER_HZ of every Linux that Node runs on. */
const TICKS_PER_S = 100;
const KB_PER_MB = 1_024;

function memoryKb(status: string, key: string): number {
  const [, kb] = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(status) ?? [];
  return Number(kb ?? Number.NaN);
}

/** The use of a process so far; throws when it is gone. */
export function processUse(pid: number): ProcessUse {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold blanks and brackets; utime and stime are the 14th and 15th field of the line.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    cpuS: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_S,
    rssMb: Math.round(memoryKb(status, 'VmRSS') / KB_PER_MB),
    peakRssMb: Math.round(memoryKb(status, 'VmHWM') / KB_PER_MB),
  };
}
