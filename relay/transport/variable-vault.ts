// Sealed variables of this relay's site: ciphertext on disk, opened in memory only, given to verified orders that name them.
import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '#shared/base/clock.ts';
import { AppError, describeError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import { fail, type Outcome, succeed } from '#shared/base/outcome.ts';
import { readPrivateFile, writePrivateFile } from '#shared/crypto/private-file.ts';
import type { Charter } from '#shared/model/charter.ts';
import {
  type HeldVariable,
  MAX_VARIABLES,
  SealedVariable,
  type VariableAction,
  type VariableSecret,
  type VariableStatement,
} from '#shared/model/variable.ts';
import { openVariable, variableStatementOf, verifySealedVariable } from '#shared/seal/variable-seal.ts';
import type { OpeningKey } from '#shared/seal/vault-box.ts';
import type { Variables } from './script-wrap.ts';

export interface VariableVaultDeps {
  /** `<relay data>/variables`. */
  folder: string;
  clock: Pick<Clock, 'now'>;
  key: OpeningKey;
  site: SiteId;
  /** A file that cannot be read: told, and the others are used. */
  onBadFile: (detail: string) => void;
}

interface Held {
  statement: VariableStatement;
  /** Undefined: deleted, or sealed to other keys. */
  secret: VariableSecret | undefined;
}

/** 16 KiB: what is looked for in all output is made of it, some ten milliseconds of work for each KiB. */
const MAX_BYTES_OF_ORDER = 16 * 1_024;

export class VariableVault {
  readonly #deps: VariableVaultDeps;
  readonly #held = new Map<string, Held>();
  /** What was given last: the devices of one order share one map. */
  #given: { asked: string; values: Variables } | undefined;

  private constructor(deps: VariableVaultDeps) {
    this.#deps = deps;
  }

  static async open(deps: VariableVaultDeps): Promise<VariableVault> {
    const variables = new VariableVault(deps);
    mkdirSync(deps.folder, { recursive: true, mode: 0o700 });
    for (const file of readdirSync(deps.folder).filter((name) => name.endsWith('.json'))) await variables.#load(file);
    return variables;
  }

  /** Takes what a technician signed for this site and what is newer; on disk before it returns. Undefined: known already. */
  async accept(sealed: SealedVariable, charter: Charter): Promise<HeldVariable | undefined> {
    const { statement } = await verifySealedVariable(sealed, charter);
    const { name, version, site } = statement;
    if (site !== this.#deps.site)
      throw new AppError('manifest-retargeted', `variable ${name}: sealed for another site`);
    const known = this.#held.get(name)?.statement.version;
    if (version === known) return undefined;
    if (known !== undefined && version < known) {
      const why = `version ${version} is older than ${known}, which this relay holds`;
      throw new AppError('manifest-replayed', `variable ${name}: ${why}`);
    }
    if (known === undefined && this.#held.size >= MAX_VARIABLES)
      throw new AppError('too-large', `variable ${name}: this relay holds ${MAX_VARIABLES} already`);
    const held = { statement, secret: await openVariable(sealed, statement, this.#deps.key) };
    writePrivateFile(path.join(this.#deps.folder, `${name}.json`), `${JSON.stringify(sealed)}\n`);
    this.#held.set(name, held);
    this.#given = undefined;
    return stateOf(held);
  }

  /** All or none. Asked for a manifest alone whose signatures were verified and which names them. */
  open(names: readonly string[], action: VariableAction): Outcome<Variables> {
    const values = new Map<string, string>();
    for (const name of names) {
      const value = this.#valueOf(name, action);
      if (!value.ok) return value;
      values.set(name, value.value);
    }
    const bytes = [...values.values()].reduce((sum, value) => sum + Buffer.byteLength(value), 0);
    if (bytes > MAX_BYTES_OF_ORDER)
      return fail('too-large', `the variables of an order have at most ${MAX_BYTES_OF_ORDER} bytes together`);
    const asked = names.join();
    if (this.#given?.asked !== asked) this.#given = { asked, values };
    return succeed(this.#given.values);
  }

  held(): HeldVariable[] {
    return [...this.#held.values()].map(stateOf);
  }

  #valueOf(name: string, action: VariableAction): Outcome<string> {
    const held = this.#held.get(name);
    if (held === undefined) return fail('credential-missing', `variable ${name}: this relay holds none of that name`);
    const { secret, statement } = held;
    if (secret === undefined) {
      const why = statement.boxes.length === 0 ? 'was deleted' : "is not sealed to this relay's key; set it again";
      return fail('credential-missing', `variable ${name} ${why}`);
    }
    if (secret.notAfter !== undefined && secret.notAfter <= this.#deps.clock.now())
      return fail('credential-not-allowed', `variable ${name} has expired; set it again`);
    if (!secret.actions.includes(action))
      return fail('credential-not-allowed', `variable ${name} is not for ${action}; set it again`);
    return succeed(secret.value);
  }

  async #load(file: string): Promise<void> {
    try {
      const sealed = SealedVariable.parse(JSON.parse(readPrivateFile(path.join(this.#deps.folder, file)) ?? ''));
      // Its signature was proven when it was taken; the charter of today may not name the signer any more.
      const statement = variableStatementOf(sealed);
      this.#held.set(statement.name, { statement, secret: await openVariable(sealed, statement, this.#deps.key) });
    } catch (error) {
      this.#deps.onBadFile(`${file}: ${describeError(error).message.slice(0, 200)}`);
    }
  }
}

function stateOf({ statement: { name, version, boxes }, secret }: Held): HeldVariable {
  const closed = boxes.length === 0 ? 'deleted' : 'unreadable';
  return { name, version, state: secret === undefined ? closed : 'open' };
}
