// What a person types becomes exactly the secret that is sealed, and what is wrong is said by field.
import { expect, test } from 'vitest';
import { sampleDevice } from '#test/fixtures/sample-trust.ts';
import { faultsOfDraft, type SealDraft, secretOfDraft, withoutSecrets } from './seal-draft.ts';

const DRAFT: SealDraft = {
  relay: 'r',
  name: 'lan',
  slot: 'current',
  purpose: 'monitor',
  user: 'ops',
  isUserShown: false,
  holds: 'password',
  hook: '',
  password: 'canary tiger',
  privateKey: '',
  ranges: '10.0.0.0/8, fd00::/8\n192.0.2.1',
  devices: [],
  transports: ['ssh'],
  isKeyOnly: false,
  isNtlmOverHttp: false,
  expires: '2027-03-31',
};
const NOW = Date.parse('2027-03-01');
// Put together here: no file holds the head of a private key.
const headOf = (kind: string) => `-----BEGIN ${kind} KEY-----`;
const KEY = `${headOf('OPENSSH PRIVATE')}
abc
-----END OPENSSH PRIVATE KEY-----`;

test('a password with its place, purpose and end', () => {
  expect(faultsOfDraft(DRAFT, NOW)).toEqual({});
  expect(secretOfDraft(DRAFT)).toEqual({
    user: 'ops',
    password: 'canary tiger',
    binding: {
      purpose: 'monitor',
      weakest: 'password',
      ranges: ['10.0.0.0/8', 'fd00::/8', '192.0.2.1'],
      transports: ['ssh'],
      notAfter: Date.parse('2027-03-31T00:00:00Z'),
    },
  });
});

test('a key for some devices alone: the password that was typed before is not sealed with it', () => {
  const draft: SealDraft = { ...DRAFT, holds: 'key', privateKey: KEY, isKeyOnly: true, ranges: '', expires: '' };
  const secret = secretOfDraft({ ...draft, devices: [sampleDevice(1)], transports: [] });
  expect(secret).toEqual({
    user: 'ops',
    privateKey: `${KEY}\n`,
    binding: { purpose: 'monitor', weakest: 'key', devices: [{ device: sampleDevice(1) }] },
  });
});

test.each<[Partial<SealDraft>, object]>([
  [{ relay: '' }, { relay: 'relayMissing' }],
  [{ name: 'Ä b' }, { name: 'nameWrong' }],
  [{ user: 'a b' }, { user: 'userWrong' }],
  [{ user: 'EXAMPLE\\monitor' }, {}],
  [{ user: 'monitor@example.test' }, {}],
  [{ isNtlmOverHttp: true }, {}],
  [{ isNtlmOverHttp: true, purpose: 'both' }, { isNtlmOverHttp: 'ntlmMonitorOnly' }],
  [{ password: '' }, { password: 'secretMissing' }],
  [{ holds: 'key' }, { privateKey: 'secretMissing' }],
  [{ holds: 'hook', hook: '../laps' }, { hook: 'hookWrong' }],
  [{ holds: 'hook', hook: 'laps', user: '', password: '' }, {}],
  [{ holds: 'key', privateKey: 'ssh-ed25519 AAAA' }, { privateKey: 'keyWrong' }],
  [{ holds: 'key', privateKey: headOf('ENCRYPTED PRIVATE') }, { privateKey: 'keyLocked' }],
  [{ isKeyOnly: true }, { isKeyOnly: 'keyOnlyPassword' }],
  [{ ranges: '' }, { ranges: 'placeMissing' }],
  [{ ranges: 'the lan' }, { ranges: 'rangeWrong' }],
  [{ expires: '2027-02-01' }, { expires: 'expiresWrong' }],
  [{ expires: 'never' }, { expires: 'expiresWrong' }],
])('%j is wrong', (change, faults) => {
  expect(faultsOfDraft({ ...DRAFT, ...change }, NOW)).toEqual(faults);
});

test('NTLM over plain HTTP is sealed only where it was asked for', () => {
  expect(secretOfDraft({ ...DRAFT, isNtlmOverHttp: true })?.binding).toMatchObject({ ntlmOverHttp: true });
  expect(secretOfDraft(DRAFT)?.binding).not.toHaveProperty('ntlmOverHttp');
});

test('a draft that is left keeps everything but its secrets', () => {
  expect(withoutSecrets({ ...DRAFT, privateKey: KEY })).toEqual({ ...DRAFT, password: '', privateKey: '' });
});
