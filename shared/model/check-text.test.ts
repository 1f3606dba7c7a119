// A check reads as one sentence that names every number in it.
import { expect, test } from 'vitest';
import type { Condition } from './check.ts';
import { checkText, conditionText, spanText } from './check-text.ts';

test.each([
  [0, '0 s'],
  [300_000, '5 min'],
  [5_400_000, '1 h 30 min'],
  [90_061_000, '1 d 1 h'],
])('%d ms are %s', (ms, text) => expect(spanText(ms)).toBe(text));

const cpu = {
  ...{
    kind: 'threshold' as const,
    series: 'cpu.used',
    above: true,
    limits: { critical: 95, high: 80.5 },
    forMs: 300_000,
    margin: 5,
  },
} as const;
test.each<[Condition, string]>([
  [cpu, 'cpu.used up to or above for 5 min: high at 80.5, critical at 95'],
  [{ ...cpu, above: false, instance: '/*', forMs: 0 }, 'cpu.used of /* down to or below: high at 80.5, critical at 95'],
  [
    { kind: 'rate', series: 'disk.used', above: true, limits: { low: 1 }, withinMs: 3_600_000, margin: 0 },
    'change a second of disk.used up to or above within 1 h: low at 1',
  ],
  [{ kind: 'absence', series: 'backup', severity: 'high', forMs: 86_400_000 }, 'backup missing for 1 d: high'],
  [
    { kind: 'state', of: 'service', instance: 'sshd', is: ['stopped', 'failed'], severity: 'high', forMs: 0 },
    'service of sshd is stopped or failed: high',
  ],
  [
    { kind: 'events', log: 'System', codes: [7, 11], text: 'bad block', limits: { high: 1 }, withinMs: 60_000 },
    'events of log System with codes 7, 11 that say "bad block" within 1 min: high at 1',
  ],
  [
    { kind: 'age', of: 'certificate-end', above: false, limits: { high: 604_800_000 } },
    'certificate-end in less than: high at 7 d',
  ],
  [
    { kind: 'compound', join: 'all', of: [cpu, cpu], severity: 'critical', forMs: 60_000 },
    '(cpu.used up to or above for 5 min: high at 80.5, critical at 95) and (cpu.used up to or above for 5 min: high at 80.5, critical at 95) for 1 min: critical',
  ],
])('%j reads', (when, text) => expect(conditionText(when)).toBe(text));

test('one that is off and speaks of some devices says both', () => {
  const check = { id: 'cpu.used', name: 'CPU', type: 'performance', when: cpu, isOn: false, advice: '' } as const;
  expect(checkText({ ...check, fits: 'os:debian' })).toBe(`off; ${conditionText(cpu)}; where os:debian`);
});
