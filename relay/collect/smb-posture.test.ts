// What a server says without a login becomes checks; a closed port is no finding, a broken answer is unknown.
import { expect, test } from 'vitest';
import type { SmbPosture } from '#relay/transport/smb/smb-files.ts';
import type { Session } from '#relay/transport/transport.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import type { Collector } from './collector.ts';
import { judgeSmbPosture, withSmbPosture } from './smb-posture.ts';

const GOOD: SmbPosture = {
  dialects: ['3.0', '3.1.1'],
  isSigningRequired: true,
  cipher: 'AES-128-GCM',
  signing: 'AES-GMAC',
  hasSmb1: false,
};
const verdicts = (probed: Outcome<SmbPosture>) =>
  Object.fromEntries(judgeSmbPosture(probed).map(({ id, verdict }) => [id, verdict]));
const ALL_GOOD = { smb1: 'yes', 'smb-signing': 'yes', 'smb-encryption': 'yes', 'smb-dialect': 'yes' };

test.each<[string, Partial<SmbPosture>, Record<string, string>]>([
  ['a hardened server', {}, {}],
  ['SMB 1', { hasSmb1: true }, { smb1: 'no' }],
  ['signing that is not required', { isSigningRequired: false }, { 'smb-signing': 'no' }],
  ['no encryption', { cipher: undefined }, { 'smb-encryption': 'no' }],
  ['nothing newer than 3.0.2', { dialects: ['2.1', '3.0.2'] }, { 'smb-dialect': 'no' }],
  ['SMB 1 alone', { dialects: [], hasSmb1: true }, { 'smb-dialect': 'no', smb1: 'no' }],
])('%s', (_, said, differs) => {
  expect(verdicts(succeed({ ...GOOD, ...said }))).toEqual({ ...ALL_GOOD, ...differs });
});

test('an answer that cannot be read is unknown, each with its reason', () => {
  expect(new Set(Object.values(verdicts(fail('malformed', 'x'))))).toEqual(new Set(['unknown']));
  for (const { evidence } of judgeSmbPosture(fail('malformed', 'hostile text')))
    expect(evidence).toContain('(malformed)');
});

const reading = succeed({ facts: [{ kind: 'os', body: {} }] });
const inner: Collector = {
  system: 'linux',
  collectHot: () => Promise.resolve(fail('unsupported', 'not asked')),
  collectCold: () => Promise.resolve(reading),
};
const asked: unknown[] = [];
async function kinds(probed: Outcome<SmbPosture>, session: Partial<Session>) {
  const probe = (target: unknown) => {
    asked.push(target);
    return Promise.resolve(probed);
  };
  const collectorFor = withSmbPosture((system) => (system === 'linux' ? inner : undefined), {
    clock: new FakeClock(),
    probe,
  });
  expect(collectorFor('windows')).toBeUndefined();
  expect(collectorFor('linux')).toBe(collectorFor('linux'));
  const cold = await collectorFor('linux')?.collectCold(session as Session, new AbortController().signal); // a part of one
  return cold?.ok === true ? cold.value.facts.map(({ kind }) => kind) : cold;
}

test('the fact stands beside those of the machine, where the port is open', async () => {
  expect(await kinds(succeed(GOOD), { address: '10.0.0.7', hostname: 'nas' })).toEqual(['os', 'smb-posture']);
  expect(asked.at(-1)).toEqual({ name: 'nas', host: '10.0.0.7', port: 445 });
  expect(await kinds(fail('malformed', 'x'), { address: '10.0.0.7' })).toEqual(['os', 'smb-posture']);
  expect(await kinds(fail('refused', 'x'), { address: '10.0.0.7' })).toEqual(['os']);
  const way = { transport: 'smb', port: 4450, auth: 'ntlm', seal: 'sealed' } as const;
  await kinds(succeed(GOOD), { address: '10.0.0.7', way });
  expect(asked.at(-1)).toMatchObject({ port: 4450 });
  const before = asked.length;
  expect(await kinds(succeed(GOOD), {})).toEqual(['os']); // its own machine: no network lies between
  expect(asked).toHaveLength(before);
});
