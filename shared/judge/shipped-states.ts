// Shipped checks on states, logs and moments: what a device is, what it wrote down, and what comes to its end.
import type { Severity } from '#shared/model/alert-words.ts';
import type { Check, Condition } from '#shared/model/check.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

type Described = Pick<Check, 'name' | 'type' | 'advice'>;

const check = (id: string, described: Described, when: Condition): Check => ({ id, ...described, when, isOn: true });

const state = (of: string, is: string[], severity: Severity): Condition => ({
  ...{ kind: 'state', of, is, severity, forMs: 0 },
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
      advice: 'Find out which machine it is. If this one was reinstalled or replaced, accept its new identity.',
    },
    state('device', ['identity-changed'], 'high'),
  ),
];

const LOGS: readonly Check[] = [
  check(
    'log.errors',
    {
      name: 'Errors in the event log',
      type: 'health',
      advice: 'Read the newest entries of the log; many of one source have one cause.',
    },
    { kind: 'events', levels: ['critical', 'error'], limits: { medium: 10 }, withinMs: HOUR },
  ),
  check(
    'log.warnings',
    {
      name: 'Warnings in the event log',
      type: 'health',
      advice: 'Read the newest entries of the log; many of one source have one cause.',
    },
    { kind: 'events', levels: ['warning'], limits: { low: 50 }, withinMs: HOUR },
  ),
];

const MOMENTS: readonly Check[] = [
  check(
    'restart.pending',
    {
      name: 'A restart waits',
      type: 'update',
      advice: 'Plan a restart: what was installed works only after it.',
    },
    { kind: 'age', of: 'reboot-pending', above: true, limits: { medium: 7 * DAY } },
  ),
  check(
    'patch.age',
    {
      name: 'Nothing was updated for long',
      type: 'update',
      advice: 'Look whether the machine still finds its updates, and install them.',
    },
    { kind: 'age', of: 'patch', above: true, limits: { high: 30 * DAY } },
  ),
  check(
    'patch.security',
    {
      name: 'A security update waits',
      type: 'security',
      advice: 'Install it: what it mends is known to everybody since it came out.',
    },
    { kind: 'age', of: 'security-patch', above: true, limits: { high: 14 * DAY } },
  ),
  check(
    'certificate.end',
    {
      name: 'A certificate ends',
      type: 'security',
      advice: 'Renew it, and load it into the services that use it.',
    },
    { kind: 'age', of: 'certificate-end', above: false, limits: { medium: 30 * DAY, critical: 7 * DAY } },
  ),
  check(
    'backup.age',
    {
      name: 'The last backup is old',
      type: 'compliance',
      advice: 'Look at the backup program; a script tells the age of each backup as the series backup.age.',
    },
    { kind: 'age', of: 'backup', above: true, limits: { medium: 48 * HOUR, critical: 72 * HOUR } },
  ),
];

export const STATE_CHECKS: readonly Check[] = [...AVAILABILITY, ...LOGS, ...MOMENTS];
