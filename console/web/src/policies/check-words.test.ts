// A check reads the same on a page as it was written: each limit, span and place stands in its sentence.
import { expect, test } from 'vitest';
import type { Check, Condition } from '#shared/model/check.ts';
import { checkText, conditionText } from './check-words.ts';

const cpu: Condition = {
  ...{ kind: 'threshold', series: 'cpu.used', above: true, limits: { critical: 95, high: 80.5 }, forMs: 300_000 },
  margin: 5,
};

test.each<[Condition, string]>([
  [cpu, 'cpu.used at or above: high 80.5, critical 95, held for 5 min'],
  [
    { ...cpu, series: 'network.rx_used_ratio', limits: { critical: 0.95, high: 5 / 6 } },
    'network.rx_used_ratio at or above: high 83.3333%, critical 95%, held for 5 min',
  ],
  [
    { ...cpu, series: 'network.rx_error_rate', limits: { medium: 100 / 60 }, forMs: 0 },
    'network.rx_error_rate at or above: medium 1.66667',
  ],
  [
    { ...cpu, series: 'system.uptime', limits: { low: 7_776_000_000 }, forMs: 0 },
    'system.uptime at or above: low 90 days',
  ],
  [
    { kind: 'age', of: 'certificate-end', above: false, limits: { high: 604_800_000 } },
    'certificate-end ends in less than: high 7 days',
  ],
  [
    { kind: 'state', of: 'service', instance: 'sshd', is: ['stopped', 'failed'], severity: 'high', forMs: 0 },
    'service of sshd is stopped or failed: high',
  ],
  [
    { kind: 'events', log: 'System', codes: [7, 11], limits: { high: 1 }, withinMs: 60_000 },
    'events System 7, 11 within 1 min: high 1',
  ],
])('%j', (when, text) => expect(conditionText(when)).toBe(text));

test('what is off, and for some devices alone, is said', () => {
  const check: Check = { id: 'cpu.used', name: 'CPU', type: 'performance', when: cpu, isOn: false, advice: '' };
  expect(checkText({ ...check, fits: 'os:debian' })).toBe(`off; ${conditionText(cpu)}; where os:debian`);
});
