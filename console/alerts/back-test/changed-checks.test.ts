// Only what a draft changes is judged anew, and only where it fits.
import { expect, test } from 'vitest';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import type { Check } from '#shared/model/check.ts';
import { changedChecks, conditionsOf, factKinds } from './changed-checks.ts';

const shipped = (id: string): Check => {
  const check = SHIPPED_CHECKS.find((one) => one.id === id);
  if (check === undefined) throw new Error(`no check ${id} is shipped`);
  return check;
};
const ssh = { transport: 'ssh' };
const ids = ({ before, after }: { before: Check[]; after: Check[] }) => [
  before.map(({ id }) => id),
  after.map(({ id }) => id),
];

test.each<[string, { checks?: Check[]; off?: string[] }, string[], string[]]>([
  ['nothing drafted is nothing changed', {}, [], []],
  ['the same again changes nothing', { checks: [shipped('cpu.used')] }, [], []],
  [
    'another limit is the one check, twice',
    { checks: [{ ...shipped('cpu.used'), name: 'Other' }] },
    ['cpu.used'],
    ['cpu.used'],
  ],
  ['a check that is taken away is judged as it was', { off: ['disk.free'] }, ['disk.free'], []],
  ['a new one is judged as it will be', { checks: [{ ...shipped('cpu.used'), id: 'my.own' }] }, [], ['my.own']],
  [
    'one that is switched on has no past',
    { checks: [{ ...shipped('uptime.short'), isOn: true }] },
    [],
    ['uptime.short'],
  ],
  [
    'one that is given and taken is taken',
    { checks: [{ ...shipped('cpu.used'), name: 'Other' }], off: ['cpu.used'] },
    ['cpu.used'],
    [],
  ],
])('%s', (_what, { checks = [], off = [] }, before, after) => {
  expect(ids(changedChecks(SHIPPED_CHECKS, { checks, off }, ssh))).toEqual([before, after]);
});

test('what does not fit the device is not judged of it', () => {
  const draft = { checks: [{ ...shipped('response.time'), name: 'Other' }], off: [] };
  expect(ids(changedChecks(SHIPPED_CHECKS, draft, ssh))).toEqual([['response.time'], ['response.time']]);
  expect(ids(changedChecks(SHIPPED_CHECKS, draft, { transport: 'winrm' }))).toEqual([[], []]);
});

test('the facts that are read are those that its conditions ask for', () => {
  const of = (...some: string[]) => new Set(factKinds(conditionsOf(some.map(shipped))));
  expect(of('cpu.used', 'device.down', 'log.errors', 'backup.age')).toEqual(new Set());
  expect(of('certificate.end', 'patch.age', 'patch.security', 'restart.pending')).toEqual(
    new Set(['certificates', 'reboot', 'updates']),
  );
});
