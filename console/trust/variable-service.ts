// The mailbox of sealed variables: what a technician signed is kept and handed to the relays of its site; none of it can be read here.
import { by, type Caller } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { Audit } from '#console/audit/audit.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { RelayId, SiteId } from '#shared/base/id.ts';
import type { RelayVault } from '#shared/model/relay-vault.ts';
import { MAX_VARIABLES, type SealedVariable, type VariableStatement } from '#shared/model/variable.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { variableStatementOf, verifySealedVariable } from '#shared/seal/variable-seal.ts';
import { charterOf } from './charter-service.ts';
import { findVaults } from './credential-repository.ts';
import { findHolders, findVariables, lockSite, putVariable, variableVersions } from './variable-repository.ts';

interface VariablesDeps {
  store: Store;
  audit: Audit;
  clock: Clock;
}

/** What may be shown of a sealed variable: everything but its value. */
export interface VariableRow {
  statement: VariableStatement;
  signer: string;
  storedAt: number;
}

/** A relay a variable has to reach, with what it told last. */
export interface VariableHolder {
  relay: RelayId;
  site: SiteId;
  vault: RelayVault | undefined;
}

export class Variables {
  readonly #deps: VariablesDeps;

  constructor(deps: VariablesDeps) {
    this.#deps = deps;
  }

  async list(scope: Scope, site?: SiteId): Promise<{ rows: VariableRow[]; holders: VariableHolder[] }> {
    const { db } = this.#deps.store;
    const stored = await findVariables(db, scope, site);
    const rows = stored.map(({ sealed, signer, storedAt }) => ({
      statement: variableStatementOf(sealed),
      signer,
      storedAt,
    }));
    const told = new Map((await findVaults(db, scope)).map(({ relay, vault }) => [relay, vault]));
    const relays = await findHolders(db, scope);
    return { rows, holders: relays.map((one) => ({ ...one, vault: told.get(one.relay) })) };
  }

  /** Keeps what a technician of the site's charter signed and what is newer; throws what relays would refuse it for. */
  async put(caller: Caller, scope: Scope, sealed: SealedVariable): Promise<VariableStatement> {
    const { store, audit, clock } = this.#deps;
    const claimed = variableStatementOf(sealed);
    const charter = await readCharter((await charterOf(store.db, scope, claimed.site)).signed);
    const { statement, signer } = await verifySealedVariable(sealed, charter);
    const { site, name, version, boxes } = statement;
    await store.transaction(async (tx) => {
      if (!(await lockSite(tx, scope, site))) throw new AppError('not-found', `no site ${site}`);
      const { known, count } = await variableVersions(tx, statement);
      if (known >= version)
        throw new AppError('conflict', `variable ${name}: version ${known} is stored; set a higher one`);
      if (known === 0 && count >= MAX_VARIABLES)
        throw new AppError('too-large', `site ${site}: has ${MAX_VARIABLES} variables already`);
      await putVariable(tx, statement, { site, sealed, signer: signer.key.id, storedAt: clock.now() });
      const verb = boxes.length === 0 ? 'variable.delete' : 'variable.set';
      const detail = { name, version, signer: signer.key.id };
      await audit.append(tx, { ...by(caller), verb, resource: `site:${site}`, outcome: 'ok', detail });
    });
    return statement;
  }

  /** What a relay of `site` has not yet. */
  async missing(scope: Scope, site: SiteId, vault: RelayVault): Promise<SealedVariable[]> {
    const held = new Map(vault.variables?.map(({ name, version }) => [name, version]));
    const stored = await findVariables(this.#deps.store.db, scope, site);
    return stored.flatMap(({ sealed }) => {
      const { name, version, boxes } = variableStatementOf(sealed);
      const known = held.get(name) ?? 0;
      // A deletion of what it never had is nothing to it, unless it may still get the former version from elsewhere.
      return version > known && (boxes.length > 0 || known > 0) ? [sealed] : [];
    });
  }
}
