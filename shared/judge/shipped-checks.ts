// The checks that every device has until a layer says otherwise. Their ids never change their meaning.
import type { Severity } from '#shared/model/alert-words.ts';
import type { Check, Condition, Limits } from '#shared/model/check.ts';

const MINUTE = 60_000;

/** What passes within five minutes by itself is nobody's night. */
const HELD_MS = 5 * MINUTE;

interface Described {
  name: string;
  advice: string;
  type: Check['type'];
}

const check = (id: string, described: Described, when: Condition): Check => ({ id, ...described, when, isOn: true });

const threshold = (
  series: string,
  limits: Limits,
  { margin, above = true, forMs = HELD_MS }: { margin: number; above?: boolean; forMs?: number },
): Condition => ({ kind: 'threshold', series, above, limits, forMs, margin });

const state = (of: string, is: string[], severity: Severity, forMs = 0): Condition => ({
  ...{ kind: 'state', of, is, severity, forMs },
});

const AVAILABILITY: readonly Check[] = [
  check(
    'device.down',
    {
      name: 'Device does not answer',
      type: 'availability',
      advice: 'Look whether it has power and network, and whether the relay still has a valid login for it.',
    },
    // The relay asks twice before it says so: no further wait.
    state('device', ['down'], 'critical'),
  ),
  check(
    'device.identity',
    {
      name: 'Another machine answers at its address',
      type: 'security',
      advice: 'Find out which machine it is. If this one was reinstalled or replaced, accept the new identity.',
    },
    state('device', ['identity-changed'], 'high'),
  ),
];

export const SHIPPED_CHECKS: readonly Check[] = [
  ...AVAILABILITY,
  check(
    'cpu.used',
    {
      name: 'Processor in use',
      type: 'performance',
      advice: 'See which processes use it. If it is always so, the machine is too small for its work.',
    },
    threshold('cpu.used_ratio', { medium: 0.8, critical: 0.95 }, { margin: 0.05 }),
  ),
];
