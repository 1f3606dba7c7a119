// Reads the hot script's sections of a FreeBSD device into samples.
import type { HotReading } from '#relay/collect/collector.ts';
import type { Sections } from '#relay/collect/framed-output.ts';
import type { Keyed } from '#relay/collect/keyed-lines.ts';
import { addFilesystems } from '#relay/collect/parse-df.ts';
import { addNetstat } from '#relay/collect/parse-netstat.ts';
import { addLoads, addUptime, parseSysctl, sysctlNumber } from '#relay/collect/parse-sysctl.ts';
import { boundInstances, decimalNumber, SampleSet, wholeNumber } from '#relay/collect/sample-set.ts';

const KIB = 1_024;

export function parseFreebsdHot(sections: Sections): HotReading {
  const set = new SampleSet();
  const notices: string[] = [];
  const values = parseSysctl(sections.get('sysctl'));
  const wallClockMs = addUptime(values, sections.get('date')?.[0], set);
  addLoads(values, set);
  addCpu(values, set);
  addMemory(values, set);
  addSwap(sections.get('swap'), set);
  addFilesystems(sections.get('df'), set, notices);
  addDisks(sections.get('iostat'), set, notices);
  addNetstat(sections.get('netstat'), set, notices);
  return { samples: set.samples(), wallClockMs, notices };
}

/** user nice system interrupt idle, of all processors. This kernel counts waiting for disks as idle and knows no stolen time. */
function addCpu(values: Keyed, set: SampleSet): void {
  const ticks = values.get('kern.cp_time')?.split(/\s+/).map(wholeNumber) ?? [];
  const [user, nice, system, interrupt, idle] = ticks;
  if (ticks.length !== 5) return;
  set.set('cpu.user', user);
  set.set('cpu.nice', nice);
  if (system !== undefined && interrupt !== undefined) set.set('cpu.system', system + interrupt);
  set.set('cpu.idle', idle);
  set.set('cpu.iowait', 0);
  set.set('cpu.steal', 0);
}

function addMemory(values: Keyed, set: SampleSet): void {
  const page = sysctlNumber(values, 'hw.pagesize');
  const free = sysctlNumber(values, 'vm.stats.vm.v_free_count');
  const inactive = sysctlNumber(values, 'vm.stats.vm.v_inactive_count');
  // Gone since FreeBSD 12, where nothing is in it.
  const cache = sysctlNumber(values, 'vm.stats.vm.v_cache_count') ?? 0;
  set.set('memory.total', sysctlNumber(values, 'hw.physmem'));
  if (page !== undefined && free !== undefined && inactive !== undefined) {
    set.set('memory.available', (free + inactive + cache) * page);
  }
  set.set('memory.cached', sysctlNumber(values, 'vfs.bufspace'));
}

/** A header, then "/dev/ada0p2  2097152  0  2097152  0%" per device; a header alone is a system without swap. */
function addSwap(lines: readonly string[] | undefined, set: SampleSet): void {
  if (lines === undefined || !/^Device\s+1K-blocks/.test(lines[0] ?? '')) return;
  const rows = lines.flatMap((line) => {
    const [, size, , free] = /^\/dev\/\S+\s+(\d+)\s+(\d+)\s+(\d+)\s/.exec(line) ?? [];
    return size === undefined ? [] : [{ size: wholeNumber(size) ?? Number.NaN, free: wholeNumber(free) ?? Number.NaN }];
  });
  set.set('swap.total', rows.reduce((sum, { size }) => sum + size, 0) * KIB);
  set.set('swap.free', rows.reduce((sum, { free }) => sum + free, 0) * KIB);
}

/** The header names the columns: device r/i w/i kr/i kw/i qlen tsvc_t/i sb/i, totals since boot, busy time in seconds. */
function addDisks(lines: readonly string[] | undefined, set: SampleSet, notices: string[]): void {
  const start = lines?.findIndex((line) => /^device\s+r\/i/.test(line)) ?? -1;
  if (lines === undefined || start < 0) return;
  const columns = lines[start]?.trim().split(/\s+/) ?? [];
  const disks = lines.slice(start + 1).map((line) => line.trim().split(/\s+/));
  const complete = disks.filter((cells) => cells.length === columns.length);
  for (const cells of boundInstances('disks', complete, notices)) {
    const at = (column: string, unit: number) => {
      const value = decimalNumber(cells[columns.indexOf(column)]);
      return value === undefined ? undefined : Math.round(value * unit);
    };
    set.setInstance(cells[0] ?? '', {
      'disk.read_bytes': at('kr/i', KIB),
      'disk.write_bytes': at('kw/i', KIB),
      'disk.reads': at('r/i', 1),
      'disk.writes': at('w/i', 1),
      'disk.busy': at('sb/i', 1_000),
    });
  }
}
