// Reads the hot script's sections of a macOS device into samples.
import type { HotReading } from '#relay/collect/collector.ts';
import type { Sections } from '#relay/collect/framed-output.ts';
import { keyedLines } from '#relay/collect/keyed-lines.ts';
import { addFilesystems } from '#relay/collect/parse-df.ts';
import { addNetstat } from '#relay/collect/parse-netstat.ts';
import { addLoads, addUptime, parseSysctl, sysctlNumber } from '#relay/collect/parse-sysctl.ts';
import { decimalNumber, SampleSet, wholeNumber } from '#relay/collect/sample-set.ts';

const MIB = 1_024 * 1_024;

export function parseMacosHot(sections: Sections): HotReading {
  const set = new SampleSet();
  const notices: string[] = [];
  const values = parseSysctl(sections.get('sysctl'));
  const wallClockMs = addUptime(values, sections.get('date')?.[0], set);
  addLoads(values, set);
  set.set('memory.total', sysctlNumber(values, 'hw.memsize'));
  addPages(sections.get('vm_stat'), set);
  addSwap(values.get('vm.swapusage'), set);
  set.set('system.boot', bootNumber(values.get('kern.bootsessionuuid')));
  // The system's own volumes share one container with the data volume: one of them tells all.
  const volumes = sections
    .get('df')
    ?.filter((line) => !/ \/(?:dev|System\/Volumes\/(?!Data$).*|private\/var\/vm)$/.test(line));
  addFilesystems(volumes, set, notices);
  addNetstat(sections.get('netstat'), set, notices);
  return { samples: set.samples(), wallClockMs, notices };
}

/** "Mach Virtual Memory Statistics: (page size of 16384 bytes)", then "Pages free:   123456." */
function addPages(lines: readonly string[] | undefined, set: SampleSet): void {
  const page = wholeNumber(/page size of (\d{1,6}) bytes/.exec(lines?.[0] ?? '')?.[1]);
  const pages = keyedLines(lines?.slice(1), ':');
  const count = (name: string) => wholeNumber(pages.get(name)?.replace(/\.$/, ''));
  const [free, inactive, speculative] = [count('Pages free'), count('Pages inactive'), count('Pages speculative')];
  const fileBacked = count('File-backed pages');
  if (page === undefined) return;
  if (free !== undefined && inactive !== undefined && speculative !== undefined) {
    set.set('memory.available', (free + inactive + speculative) * page);
  }
  if (fileBacked !== undefined) set.set('memory.cached', fileBacked * page);
}

/** "total = 2048.00M  used = 1024.50M  free = 1023.50M  (encrypted)" */
function addSwap(text: string | undefined, set: SampleSet): void {
  const bytes = (name: string) => {
    const value = decimalNumber(new RegExp(`\\b${name} = (\\d{1,9}\\.\\d\\d)M`).exec(text ?? '')?.[1]);
    return value === undefined ? undefined : value * MIB;
  };
  set.set('swap.total', bytes('total'));
  set.set('swap.free', bytes('free'));
}

function bootNumber(uuid: string | undefined): number | undefined {
  const [, first] = /^([0-9A-Fa-f]{8})-[0-9A-Fa-f-]{27}$/.exec(uuid ?? '') ?? [];
  return first === undefined ? undefined : Number.parseInt(first, 16);
}
