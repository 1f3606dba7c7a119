// Reads what FreeBSD and macOS have in common of `sysctl name ...`: times and loads.
import { type Keyed, keyedLines } from './keyed-lines.ts';
import { decimalNumber, type SampleSet, wholeNumber } from './sample-set.ts';

/** "kern.ostype: FreeBSD" */
export const parseSysctl = (lines: readonly string[] | undefined): Keyed => keyedLines(lines, ': ');

export const sysctlNumber = (values: Keyed, name: string): number | undefined => wholeNumber(values.get(name));

/** "{ 0.29 0.31 0.28 }" */
export function addLoads(values: Keyed, set: SampleSet): void {
  const [, one, five, fifteen] = values.get('vm.loadavg')?.split(/\s+/) ?? [];
  set.set('load.1', decimalNumber(one));
  set.set('load.5', decimalNumber(five));
  set.set('load.15', decimalNumber(fifteen));
}

/**
 * Uptime from "{ sec = 1700000000, usec = 123456 } ..." and `date +%s`, exact to a second; both systems say it no better.
 * Returns the device's wall time.
 */
export function addUptime(values: Keyed, dateLine: string | undefined, set: SampleSet): number | undefined {
  const bootSeconds = wholeNumber(/\bsec = (\d{1,12})/.exec(values.get('kern.boottime') ?? '')?.[1]);
  const nowSeconds = wholeNumber(dateLine?.trim());
  if (nowSeconds === undefined) return undefined;
  if (bootSeconds !== undefined) set.set('system.uptime', (nowSeconds - bootSeconds) * 1_000);
  return nowSeconds * 1_000;
}
