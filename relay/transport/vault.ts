// Sealed credentials of this relay: ciphertext on disk, opened in memory only, taken when a technician of the charter signed them.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import type { Charter } from '#shared/model/charter.ts';
import {
  type CredentialStatement,
  type HeldCredential,
  MAX_SEALED,
  SealedCredential,
  type SealedSecret,
} from '#shared/model/credential.ts';
import { openCredential, statementOf, verifySealedCredential } from '#shared/seal/credential-seal.ts';
import type { OpeningKey } from '#shared/seal/vault-box.ts';
import { type Credential, parsedKey } from './credentials.ts';
import { toPlainPrivateKey } from './private-key.ts';

export interface VaultDeps {
  /** `<relay data>/vault`. */
  folder: string;
  clock: Pick<Clock, 'now'>;
  key: OpeningKey;
  place: { site: SiteId; relay: RelayId };
  /** A file that cannot be read: told, and the others are used. */
  onBadFile: (detail: string) => void;
}

interface Held {
  statement: CredentialStatement;
  /** Undefined: revoked, or sealed to another key. */
  credential: Credential | undefined;
}

const nameOf = ({ name, slot }: Pick<CredentialStatement, 'name' | 'slot'>) => `${name}.${slot}`;

export class Vault {
  readonly #deps: VaultDeps;
  readonly #held = new Map<string, Held>();

  private constructor(deps: VaultDeps) {
    this.#deps = deps;
  }

  static async open(deps: VaultDeps): Promise<Vault> {
    const vault = new Vault(deps);
    mkdirSync(deps.folder, { recursive: true, mode: 0o700 });
    for (const file of readdirSync(deps.folder).filter((name) => name.endsWith('.json'))) await vault.#load(file);
    return vault;
  }

  /** Takes what a technician signed for this relay and what is newer; on disk before it returns. Undefined: known already. */
  async accept(sealed: SealedCredential, charter: Charter): Promise<HeldCredential | undefined> {
    const { statement } = await verifySealedCredential(sealed, charter);
    const { site, relay } = this.#deps.place;
    if (statement.site !== site || statement.relay !== relay)
      throw new AppError('manifest-retargeted', `credential ${statement.name}: sealed for another relay`);
    const name = nameOf(statement);
    const known = this.#held.get(name)?.statement;
    if (known !== undefined && statement.version === known.version) return undefined;
    if (known !== undefined && statement.version < known.version)
      throw new AppError(
        'manifest-replayed',
        `credential ${statement.name}: version ${statement.version} is older than ${known.version}, which this relay holds`,
      );
    if (known === undefined && this.#held.size >= MAX_SEALED)
      throw new AppError('too-large', `credential ${statement.name}: this relay holds ${MAX_SEALED} already`);
    const held = await this.#open(sealed, statement);
    writePrivateFile(path.join(this.#deps.folder, `${name}.json`), `${JSON.stringify(sealed)}\n`);
    this.#held.set(name, held);
    return stateOf(held);
  }

  /** Undefined: none of that name was ever sealed for this relay. */
  get(name: string): Outcome<Credential> | undefined {
    const known = this.#slots(name);
    if (known.length === 0) return undefined;
    const open = openOf(known);
    const usable = open.find((credential) => this.#isInTime(credential)) ?? open[0];
    if (usable !== undefined) return succeed(usable);
    const isRevoked = known.every(({ statement }) => statement.boxes.length === 0);
    const why = isRevoked ? 'was revoked' : "is sealed to another key than this relay's; seal it again";
    return fail('credential-missing', `credential ${name} ${why}`);
  }

  /** What waits beside the one that `get` gives, for devices whose login has been changed already. */
  spare(name: string): Credential | undefined {
    const [first, second] = openOf(this.#slots(name));
    if (first === undefined || second === undefined || second.version === first.version) return undefined;
    return this.#isInTime(first) && this.#isInTime(second) ? second : undefined;
  }

  #slots(name: string): Held[] {
    return [this.#held.get(`${name}.current`), this.#held.get(`${name}.next`)].filter((held) => held !== undefined);
  }

  #isInTime({ binding }: Credential): boolean {
    return (binding?.notAfter ?? Number.POSITIVE_INFINITY) > this.#deps.clock.now();
  }

  list(): string[] {
    return [...new Set([...this.#held.values()].map(({ statement }) => statement.name))];
  }

  held(): HeldCredential[] {
    return [...this.#held.values()].map(stateOf);
  }

  async #load(file: string): Promise<void> {
    try {
      const sealed = SealedCredential.parse(JSON.parse(readPrivateFile(path.join(this.#deps.folder, file)) ?? ''));
      // Its signature was proven when it was taken; the charter of today may not name the signer any more.
      const statement = statementOf(sealed);
      this.#held.set(nameOf(statement), await this.#open(sealed, statement));
    } catch (error) {
      this.#deps.onBadFile(`${file}: ${describeError(error).message.slice(0, 200)}`);
    }
  }

  async #open(sealed: SealedCredential, statement: CredentialStatement): Promise<Held> {
    const { key } = this.#deps;
    if (!sealed.boxes.some(({ to }) => to === key.publicKey.id)) return { statement, credential: undefined };
    return { statement, credential: credentialOf(statement, await openCredential(sealed, statement, key)) };
  }
}

const openOf = (slots: readonly Held[]): Credential[] =>
  slots.flatMap(({ credential }) => (credential === undefined ? [] : [credential]));

function stateOf({ statement, credential }: Held): HeldCredential {
  const { name, slot, version, boxes } = statement;
  const closed = boxes.length === 0 ? 'revoked' : 'unreadable';
  return { name, slot, version, state: credential === undefined ? closed : 'open' };
}

function credentialOf(
  statement: CredentialStatement,
  { user = '', password, privateKey, source, binding }: SealedSecret,
): Credential {
  const { name, slot, version } = statement;
  const key = privateKey === undefined ? undefined : parsedKey(name, toPlainPrivateKey(privateKey, undefined));
  // The boxes' hashes: another secret, another version, though somebody counted wrong.
  const boxes = createHash('sha256')
    .update(statement.boxes.map(({ hash }) => hash).join())
    .digest('hex');
  const spare = slot === 'next' ? { isSpare: true as const } : {};
  const hook = source === undefined ? {} : { hook: source.hook };
  const stamp = `sealed ${slot} ${version} ${boxes.slice(0, 16)}`;
  return { name, user, password, key, binding, version: stamp, ...spare, ...hook };
}
