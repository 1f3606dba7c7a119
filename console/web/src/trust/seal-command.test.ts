// The command beside the form says the same as the form, and no secret that was typed there.
import { expect, test } from 'vitest';
import { sealCommand } from './seal-command.ts';
import type { SealDraft } from './seal-draft.ts';

const DRAFT: SealDraft = {
  relay: 'fra',
  name: 'lan',
  slot: 'next',
  purpose: 'act',
  user: "o'ps",
  isUserShown: true,
  holds: 'password',
  hook: '',
  password: 'canary-tiger',
  privateKey: 'canary-lion',
  ranges: '10.0.0.0/8, fd00::/8',
  devices: [],
  transports: ['ssh'],
  isKeyOnly: false,
  isNtlmOverHttp: false,
  expires: '2027-03-31',
};

test('a password comes from standard input', () => {
  const command = sealCommand(DRAFT, ' KEY ');
  expect(command).toContain(
    String.raw`credential seal lan --relay fra --next --user 'o'\''ps' --password-stdin --purpose act --ranges 10.0.0.0/8 fd00::/8 --transports ssh --show-user --expires 2027-03-31 --relay-key KEY`,
  );
  expect(command).not.toMatch(/canary/);
});

test('a key comes from a file, and what is not typed yet stands as a word', () => {
  const command = sealCommand({ ...DRAFT, holds: 'key', isKeyOnly: true, name: '', user: '', relay: '' }, '');
  expect(command).toContain('seal NAME --relay RELAY --next --user USER --key-file FILE');
  expect(command).toContain('--key-only');
  expect(command).toContain('--relay-key FINGERPRINT');
  expect(command).not.toMatch(/canary/);
});

test('a login that a hook fetches names the hook, and neither user nor secret', () => {
  const command = sealCommand({ ...DRAFT, holds: 'hook', hook: 'laps' }, '');
  expect(command).toContain('--hook laps');
  expect(command).not.toMatch(/--user|--password-stdin|--key-file/);
});
