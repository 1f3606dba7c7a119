// `rmm profile factors, password, recovery-codes`: what one signs in with, as far as a terminal can show and take it.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { Profile } from '#shared/contract/profile-contract.ts';
import { readHidden } from '#shared/runtime/read-hidden.ts';
import { table } from './output.ts';
import { act, look } from './verb.ts';

const said = (is: boolean): string => (is ? 'yes' : 'no');

function factorsText({ name, passkeys, hasPassword, hasTotp, recoveryLeft, oidc }: Profile): string {
  const lines = [
    ['name', name],
    ['password', said(hasPassword)],
    ['authenticator app', said(hasTotp)],
    ['recovery codes left', String(recoveryLeft)],
    ['identity provider', oidc ?? 'none'],
    ...passkeys.map((key) => ['passkey', `${key.name} (${key.rpId})`]),
  ];
  return table(['WHAT', ''], lines);
}

/** Twice on a terminal, where nobody sees what they type. */
async function newPassword(): Promise<string> {
  const password = await readHidden('new password, 12 characters at least');
  if (process.stdin.isTTY && (await readHidden('once more')) !== password)
    throw new AppError('bad-request', 'the two are not the same; nothing was changed');
  return password;
}

/** `profile`: the noun that names several consoles. */
export function addOwnFactorCommands(profile: Command): void {
  look<Profile>(profile, 'factors', {
    summary: 'what you sign in with at this console; passkeys and the app are set up in its pages',
    examples: ['profile factors'],
    run: ({ context: { api } }) => api.profile.show(),
    text: factorsText,
  });
  act<Profile>(profile, 'password', {
    summary: 'set or replace your password, read from standard input; your open sessions end',
    examples: ['profile password'],
    run: async ({ context: { api } }) => api.profile.putPassword({ password: await newPassword() }),
    text: ({ hasTotp }) =>
      hasTotp ? 'set' : 'set; it signs you in once an authenticator app or recovery codes stand beside it',
  });
  act<{ codes: string[] }>(profile, 'recovery-codes', {
    summary: 'make ten recovery codes, printed once; the former ones are void',
    examples: ['profile recovery-codes'],
    run: ({ context: { api } }) => api.profile.newRecoveryCodes(),
    text: ({ codes }) => codes.join('\n'),
  });
}
