// `rmm charter propose --passkey`: a passkey that somebody made in a browser, as a signer of the next charter.
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { Signer } from '#shared/model/charter.ts';
import { passkeyFingerprint, readPasskeyText } from '#shared/seal/passkey-text.ts';

export interface PasskeyOptions {
  passkey?: string;
  name?: string;
  person?: string;
  role: string;
  guardian?: boolean;
}

export const withPasskey = (command: Command): Command =>
  command
    .option('--passkey <text or file>', 'a passkey made on the page "Signing keys", as the page shows it')
    .option('--name <name>', 'what the passkey is called in the charter')
    .option('--person <name>', 'who holds it: two keys of one person count once')
    .option('--role <role>', 'of the passkey: technician, approver or guardian', 'technician')
    .option('--guardian', 'the passkey may freeze, beside what its role allows');

/** The text itself, or a file that holds it. */
async function textOf(given: string): Promise<string> {
  return given.startsWith('rmm-passkey-') ? given : readFile(given, 'utf8');
}

/** The signer it would be, and the fingerprint that its holder compares; undefined when none is proposed. */
export async function passkeySignerOf(
  options: PasskeyOptions,
): Promise<{ signer: Signer; fingerprint: string } | undefined> {
  if (options.passkey === undefined) return undefined;
  if (options.name === undefined) throw new AppError('bad-request', '--passkey needs --name, what to call the key');
  const key = await readPasskeyText(await textOf(options.passkey));
  const signer = Signer.safeParse({
    kind: 'passkey',
    key,
    name: options.name,
    role: options.role,
    ...(options.person === undefined ? {} : { person: options.person }),
    ...(options.guardian === true ? { isGuardian: true } : {}),
  });
  if (!signer.success)
    throw new AppError('bad-request', `the passkey: ${signer.error.issues[0]?.path.join('.')} is not possible`);
  return { signer: signer.data, fingerprint: await passkeyFingerprint(key) };
}
