// The mailbox of sealed credentials: what a technician signed is kept and handed on; none of it can be read here.
import { by, type Caller } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId } from '#shared/base/id.ts';
import { type CredentialStatement, MAX_SEALED, type SealedCredential } from '#shared/model/credential.ts';
import type { RelayVault } from '#shared/model/relay-vault.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { statementOf, verifySealedCredential } from '#shared/seal/credential-seal.ts';
import { charterOf } from './charter-service.ts';
import {
  countCredentials,
  deleteCredential,
  findCredentials,
  findCredentialsOf,
  findVaults,
  lockSealableRelay,
  putCredential,
  putVault,
  type ToldVault,
  versionOf,
} from './credential-repository.ts';

interface CredentialDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
}

/** What may be shown of a sealed credential: everything but what is sealed. */
export interface CredentialRow {
  statement: CredentialStatement;
  signer: string;
  storedAt: number;
}

type Placed = Pick<CredentialStatement, 'relay' | 'name' | 'slot'>;

export class Credentials {
  readonly #deps: CredentialDeps;

  constructor(deps: CredentialDeps) {
    this.#deps = deps;
  }

  async list(scope: Scope): Promise<{ rows: CredentialRow[]; vaults: ToldVault[] }> {
    const { db } = this.#deps.store;
    const stored = await findCredentials(db, scope);
    const rows = stored.map(({ sealed, signer, storedAt }) => ({ statement: statementOf(sealed), signer, storedAt }));
    return { rows, vaults: await findVaults(db, scope) };
  }

  /** As it is stored, ciphertext and signature: what waits in the next slot is promoted with it. */
  async show(scope: Scope, place: Placed): Promise<SealedCredential> {
    const { relay, name, slot } = place;
    const stored = await findCredentialsOf(this.#deps.store.db, scope, relay);
    const found = stored.find(({ sealed }) => {
      const statement = statementOf(sealed);
      return statement.name === name && statement.slot === slot;
    });
    if (found === undefined) throw new AppError('not-found', `relay ${relay}: no sealed credential ${name} (${slot})`);
    return found.sealed;
  }

  /** Keeps what a technician of the site's charter signed and what is newer; throws what the relay would refuse it for. */
  async put(caller: Caller, scope: Scope, sealed: SealedCredential): Promise<CredentialStatement> {
    const { store, audit, clock } = this.#deps;
    const claimed = statementOf(sealed);
    const charter = await readCharter((await charterOf(store.db, scope, claimed.site)).signed);
    const { statement, signer } = await verifySealedCredential(sealed, charter);
    const { relay, site, name, slot, version } = statement;
    await store.transaction(async (tx) => {
      const place = await lockSealableRelay(tx, scope, relay);
      if (place !== site) throw new AppError('not-found', `site ${site} has no relay ${relay}`);
      const known = await versionOf(tx, statement);
      if (known >= version)
        throw new AppError('conflict', `credential ${name}: version ${known} is stored; seal a higher one`);
      if (known === 0 && (await countCredentials(tx, relay)) >= MAX_SEALED)
        throw new AppError('too-large', `relay ${relay}: holds ${MAX_SEALED} sealed credentials already`);
      await putCredential(tx, statement, { relay, site, sealed, signer: signer.key.id, storedAt: clock.now() });
      const verb = statement.boxes.length === 0 ? 'credential.revoke' : 'credential.seal';
      const detail = { name, slot, version, signer: signer.key.id };
      await audit.append(tx, { ...by(caller), verb, resource: `relay:${relay}`, outcome: 'ok', detail });
    });
    return statement;
  }

  /** Takes it out of the mailbox; what a relay holds already it keeps until a revocation is signed. */
  async remove(caller: Caller, scope: Scope, place: Placed): Promise<void> {
    const { store, audit } = this.#deps;
    const { relay, name, slot } = place;
    await store.transaction(async (tx) => {
      if (!(await deleteCredential(tx, scope, place)))
        throw new AppError('not-found', `relay ${relay}: no sealed credential ${name} (${slot})`);
      const row = { verb: 'credential.remove', resource: `relay:${relay}`, outcome: 'ok' as const };
      await audit.append(tx, { ...by(caller), ...row, detail: { name, slot } });
    });
  }

  /** Keeps what a relay told of its vault, and gives what it has not yet. */
  async told(scope: Scope, relay: RelayId, vault: RelayVault): Promise<SealedCredential[]> {
    const { store, clock } = this.#deps;
    await store.transaction((tx) => putVault(tx, relay, vault, clock.now()));
    const held = new Map(vault.held.map(({ name, slot, version }) => [`${name} ${slot}`, version]));
    const stored = await findCredentialsOf(store.db, scope, relay);
    return stored.flatMap(({ sealed }) => {
      const { name, slot, version } = statementOf(sealed);
      return version > (held.get(`${name} ${slot}`) ?? 0) ? [sealed] : [];
    });
  }
}
