// Rules over programs: names by pattern, versions by their order, and a list that nobody could read is no clean one.
import { expect, test } from 'vitest';
import { SoftwareRules } from '#shared/model/software-rules.ts';
import type { Fact } from './collector.ts';
import { fitsPattern } from './name-pattern.ts';
import { softwareAudit } from './software-audit.ts';
import { compareVersions } from './version-order.ts';

const packagesOf = (...packages: Array<[string, string | null, string?]>): Fact[] => [
  {
    kind: 'packages',
    body: {
      manager: 'windows',
      packages: packages.map(([name, version, publisher]) => ({ name, version, publisher: publisher ?? null })),
      isTruncated: false,
    },
  },
];
const RULES = SoftwareRules.parse({
  forbidden: [
    { name: 'TeamViewer*', reason: 'no remote control but ours' },
    { name: '*toolbar*', publisher: 'Bad*' },
    { name: 'telnetd', systems: ['linux'] },
  ],
  required: [
    { name: '*Defender Agent*', systems: ['windows'] },
    { name: 'openssh-server', systems: ['linux'] },
  ],
  versions: [
    { name: '7-Zip *', min: '23.01' },
    { name: 'openssl', min: '3.0.11', systems: ['linux'] },
  ],
});

test('black list, required list and versions on Windows', () => {
  const [fact] = softwareAudit(
    'windows',
    packagesOf(
      ['TeamViewer 15', '15.1'],
      ['Ask Toolbar', '1', 'Badware Inc.'],
      ['Good toolbar', '1', 'Others'],
      ['7-Zip 22.01 (x64)', '22.01'],
      ['7-Zip 24.08 (x64)', '24.08'],
    ),
    RULES,
  );
  expect(fact?.body).toEqual({
    findings: [
      {
        rule: 'forbidden',
        name: 'TeamViewer*',
        software: 'TeamViewer 15',
        version: '15.1',
        wanted: 'no remote control but ours',
      },
      { rule: 'forbidden', name: '*toolbar*', software: 'Ask Toolbar', version: '1', wanted: null },
      { rule: 'required', name: '*Defender Agent*', software: null, version: null, wanted: null },
      { rule: 'version', name: '7-Zip *', software: '7-Zip 22.01 (x64)', version: '22.01', wanted: '>= 23.01' },
    ],
    checks: [
      {
        id: 'software-forbidden',
        verdict: 'no',
        evidence: 'On the black list: TeamViewer 15 15.1, Ask Toolbar 1.',
      },
      { id: 'software-required', verdict: 'no', evidence: 'Missing: *Defender Agent*.' },
      { id: 'software-version', verdict: 'no', evidence: 'Of a wrong version: 7-Zip 22.01 (x64) 22.01.' },
    ],
    ...{ forbidden: 2, missing: 1, versions: 1, rules: 4, isTruncated: false },
  });
});

test('the same rules on packages of Linux', () => {
  const facts = packagesOf(['telnetd', '0.17'], ['openssl', '3.0.15-1~deb12u1'], ['openssh-server', '1:9.2p1-2']);
  const [fact] = softwareAudit('linux', facts, RULES);
  expect(fact?.body).toMatchObject({ forbidden: 1, missing: 0, versions: 0 });
});

test('a list that was cut proves no absence', () => {
  const [first] = packagesOf(['harmless', '1']);
  const cut: Fact[] = [{ kind: 'packages', body: { ...first?.body, isTruncated: true } }];
  const [audit] = softwareAudit('windows', cut, RULES);
  const unknown = expect.objectContaining({ verdict: 'unknown' });
  expect(audit?.body).toMatchObject({ checks: [unknown, unknown, unknown] });
});

test('a list that was refused is unknown, no rule is no fact, a version that nobody can read is not within', () => {
  expect(softwareAudit('windows', [{ kind: 'packages', body: { unknown: 'denied' } }], RULES)).toEqual([
    { kind: 'software-audit', body: { unknown: 'denied' } },
  ]);
  expect(softwareAudit('windows', [], RULES)).toEqual([]);
  expect(softwareAudit('windows', packagesOf(), SoftwareRules.parse({}))).toEqual([]);
  expect(softwareAudit('windows', packagesOf(['7-Zip x', 'unknown']), RULES)[0]?.body).toMatchObject({ versions: 1 });
});

test.each([
  ['1.2', '1.10', -1],
  ['10.0.20348.1', '10.0.20348', 1],
  ['8', '8.0.0', 0],
  ['1:1.0', '2.0', 1],
  ['1.0~rc1', '1.0', -1],
  ['1.0a', '1.0.1', -1],
  ['9.2p1', '9.2p2', -1],
  ['2023.08.01', '2024.01.01', -1],
  ['00123', '123', 0],
])('%s against %s is %d', (a, b, order) => {
  expect(Math.sign(compareVersions(a, b) ?? Number.NaN)).toBe(order);
  expect(Math.sign(compareVersions(b, a) ?? Number.NaN) + 0).toBe(order === 0 ? 0 : -order);
});

test.each([
  ['7-Zip *', '7-zip 24 (x64)', true],
  ['*zip*zip*', 'zip', false],
  ['a*a', 'a', false],
  ['a*', 'A', true],
  ['exact', 'exactly', false],
  ['*', 'anything', true],
])('%s and %s: %s', (pattern, name, fits) => {
  expect(fitsPattern(pattern, name)).toBe(fits);
});

test('a hostile name costs no more than its length', () => {
  const started = performance.now();
  expect(fitsPattern(`${'*a'.repeat(100)}b`, 'a'.repeat(100_000))).toBe(false);
  expect(performance.now() - started).toBeLessThan(500);
});
