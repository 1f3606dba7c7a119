// Which browser a session is of, from what it says of itself: enough to know it again, never more than a hint.
import { t } from './text.ts';

const PROGRAMS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\b(?:Headless)?Chrom(?:e|ium)\/|\bCriOS\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
];
const SYSTEMS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\biPhone|\biPad/, 'iOS'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];

const found = (table: typeof PROGRAMS, agent: string) => table.find(([pattern]) => pattern.test(agent))?.[1];

/** Names of programs are the same in every language. */
export function agentText(agent: string | null): string {
  if (agent === null || agent === '') return t('unknownAgent');
  const program = found(PROGRAMS, agent);
  const system = found(SYSTEMS, agent);
  if (program === undefined) return agent.slice(0, 40);
  return system === undefined ? program : t('agentOn', { program, system });
}
