// The secrets of a site: one 0600 file per credential, at the relay and nowhere else.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { writePrivateFile } from '#shared/crypto/private-file.ts';
import { CredentialBinding } from '#shared/model/credential.ts';
import { CredentialName } from '#shared/model/device.ts';
import { toPlainPrivateKey } from './private-key.ts';

/** What a person adds: a user with a password, a private key (OpenSSH or PEM text, maybe with a passphrase), or both. */
export const CredentialInput = z
  .strictObject({
    user: z.string().regex(/^[^\s\0:]{1,64}$/, 'a user name has no blanks and at most 64 characters'),
    password: z.string().min(1).max(1_024).optional(),
    privateKey: z.string().min(1).max(32_768).optional(),
    passphrase: z.string().max(1_024).optional(),
    /** What it may be used for. Without: a key anywhere, a password only where signers or owners said so. */
    binding: CredentialBinding.optional(),
  })
  .refine((input) => input.password !== undefined || input.privateKey !== undefined, {
    message: 'a credential needs a password or a private key',
  });
export type CredentialInput = z.infer<typeof CredentialInput>;

/** A credential ready for use. */
export interface Credential {
  readonly name: string;
  readonly user: string;
  readonly password: string | undefined;
  readonly key: ParsedKey | undefined;
  /** Undefined: stored without one. */
  readonly binding: CredentialBinding | undefined;
  /** Changes with the secret; says nothing about it. */
  readonly version: string;
  /** It waits in the slot beside the current one while logins are being changed. */
  readonly isSpare?: true;
  /** Who fetches user and secret when they are needed: then both are empty here. */
  readonly hook?: string;
}

interface Cached {
  stamp: string;
  credential: Credential;
}

// 512 KiB: a key, and 2,000 devices with their host keys.
const MAX_FILE_BYTES = 512 * 1024;

/** The key of a text without a passphrase; the message never quotes it. */
export function parsedKey(name: string, text: string): ParsedKey {
  const parsed = ssh2.utils.parseKey(text);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || key instanceof Error || !key.isPrivateKey())
    throw new AppError('credential-missing', `credential ${name}: its private key cannot be read; add it again`);
  return key;
}

export class CredentialStore {
  readonly #folder: string;
  readonly #cache = new Map<string, Cached>();

  /** `folder` is `<relay data>/credentials`; it is made at the first `add`. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Read from memory unless the file has changed, so that `rmm relay credential add` reaches a running relay at once. */
  get(name: string): Outcome<Credential> {
    try {
      return succeed(this.#read(CredentialName.parse(name)));
    } catch (error) {
      if (error instanceof AppError) return fail('credential-missing', error.message);
      if (error instanceof z.ZodError)
        return fail('credential-missing', `credential ${JSON.stringify(name.slice(0, 64))}: no such name`);
      throw error;
    }
  }

  /** Stores the secret durably; a key's passphrase is used once, here, and not kept. */
  add(name: string, input: CredentialInput): void {
    const checked = CredentialName.parse(name);
    const { passphrase, privateKey, ...rest } = CredentialInput.parse(input);
    const stored = {
      ...rest,
      ...(privateKey === undefined ? {} : { privateKey: toPlainPrivateKey(privateKey, passphrase) }),
    };
    writePrivateFile(this.#file(checked), `${JSON.stringify(stored, null, 2)}\n`);
  }

  /** Names only, sorted. */
  list(): string[] {
    try {
      return readdirSync(this.#folder)
        .filter((file) => file.endsWith('.json'))
        .map((file) => file.slice(0, -'.json'.length))
        .filter((name) => CredentialName.safeParse(name).success)
        .sort();
    } catch {
      return []; // the folder is made by the first add
    }
  }

  /** False when there was none. */
  remove(name: string): boolean {
    const had = this.list().includes(name);
    if (had) rmSync(this.#file(CredentialName.parse(name)), { force: true });
    this.#cache.delete(name);
    return had;
  }

  #file(name: string): string {
    return path.join(this.#folder, `${name}.json`);
  }

  #read(name: string): Credential {
    const file = this.#file(name);
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined)
      throw new AppError('credential-missing', `credential ${name}: this relay holds none of that name`);
    const mode = stat.mode & 0o777;
    if ((mode & 0o077) !== 0)
      throw new AppError(
        'credential-missing',
        `${file}: mode ${mode.toString(8).padStart(4, '0')} lets others read it; chmod 0600`,
      );
    if (!stat.isFile() || stat.size > MAX_FILE_BYTES)
      throw new AppError('credential-missing', `${file}: not a credential file`);
    const stamp = `${stat.ino} ${stat.size} ${stat.mtimeMs}`;
    const cached = this.#cache.get(name);
    if (cached?.stamp === stamp) return cached.credential;
    const credential = parseFile(name, file);
    this.#cache.set(name, { stamp, credential });
    return credential;
  }
}

function parseFile(name: string, file: string): Credential {
  const text = readFileSync(file, 'utf8');
  const stored = storedCredential(file, text);
  if (stored.passphrase !== undefined)
    throw new AppError(
      'credential-missing',
      `${file}: keys with a passphrase are opened once, by \`rmm relay credential add ${name}\``,
    );
  return {
    name,
    user: stored.user,
    password: stored.password,
    key: stored.privateKey === undefined ? undefined : parsedKey(name, stored.privateKey),
    binding: stored.binding,
    version: createHash('sha256').update(text).digest('hex').slice(0, 16),
  };
}

function storedCredential(file: string, text: string): CredentialInput {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which is a secret.
    throw new AppError('credential-missing', `${file}: not JSON`);
  }
  const parsed = CredentialInput.safeParse(value);
  if (parsed.success) return parsed.data;
  const members = [...new Set(parsed.error.issues.map((issue) => issue.path.join('.') || 'whole'))].join(', ');
  throw new AppError('credential-missing', `${file}: not a credential (${members})`);
}
