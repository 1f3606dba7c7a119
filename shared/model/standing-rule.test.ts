// A signed rule reads what it knows, refuses what it does not, and never fits what a relay does not know.
import { expect, test } from 'vitest';
import { fitting, type KnownFacts, MAX_RULE_LENGTH, readRule, ruleTest } from './standing-rule.ts';

const web: KnownFacts = {
  ...{ system: 'linux', os: 'debian', version: '12', hostname: 'Web-01', address: '10.1.2.3', transport: 'ssh' },
};

const fits = (text: string, facts: KnownFacts): boolean => {
  const read = readRule(text);
  if (!read.ok) throw new Error(read.message);
  return ruleTest(read.filter)(facts);
};

test.each([
  ['hostname:web-*', true],
  ['hostname:web-01', true],
  ['hostname:web', false],
  ['hostname:*-01', true],
  ['system:linux os:debian version:12', true],
  ['system:linux version:1', false],
  ['version:12,13', true],
  ['address:10.1.0.0/16', true],
  ['address:10.2.0.0/16', false],
  ['address:10.2.0.0/16,10.1.2.3', true],
  ['-address:10.2.0.0/16', true],
  ['transport:local', false],
  ['hostname:db-* or (os:debian -version:11)', true],
  ['not hostname:web-*', false],
])('%s: %s', (text, is) => expect(fits(text, web)).toBe(is));

test.each(['-hostname:db-*', 'hostname:db-* or os:debian', '-address:10.0.0.0/8'])(
  '%s does not fit a device of which what it asks for is not known',
  (text) => {
    expect(fits(text, { ...web, hostname: undefined, address: undefined })).toBe(false);
    expect(fits(text, {})).toBe(false);
  },
);

test.each([
  ['tag:sql', 'tags, groups, names and sites'],
  ['group:web', "the console's"],
  ['name:web-1', "the console's"],
  ['site:berlin', "the console's"],
  ['status:up', "the console's"],
  ['constructor:x', "the console's"],
  ['', 'one thing at least'],
  ['web', 'name a field'],
  ['*', 'name a field'],
  ['has:hostname', 'names values'],
  ['address:web-1', 'no address range'],
  ['address:10.*', 'no address range'],
  ['system:amiga', 'is no system'],
  ['system:unknown', 'is no system'],
  ['hostname>3', 'no number'],
  [`${'('.repeat(17)}os:debian${')'.repeat(17)}`, 'deep'],
  [`hostname:${'a'.repeat(MAX_RULE_LENGTH)}`, 'characters'],
])('%s is refused in words: %s', (text, word) => {
  const read = readRule(text);
  expect(read.ok ? '' : read.message).toContain(word);
});

test('a machine that is entered twice is reached once, and a clone with another host key is another', () => {
  const read = readRule('os:debian');
  if (!read.ok) throw new Error(read.message);
  const one = (device: string, hostKey: string) => ({
    device,
    facts: web,
    identity: { machineId: 'abcdef0123', hostKey, macs: [] },
  });
  const found = fitting(read.filter, [one('c', 'SHA256:b'), one('b', 'SHA256:a'), one('a', 'SHA256:a')]);
  expect(found.map(({ device }) => device)).toEqual(['a', 'c']);
});
