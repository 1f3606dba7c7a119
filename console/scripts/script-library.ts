// The library of scripts: versions are added and reviewed, never changed; the console keeps them, and relays prove who signed what runs.
import { actorName, by, type Caller } from '#console/access/can.ts';
import type { Audit } from '#console/audit/audit.ts';
import { conflictWhen } from '#console/store/broken-rule.ts';
import type { Store } from '#console/store/database.ts';
import type { Tx } from '#console/store/engine.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { ScriptId } from '#shared/base/id.ts';
import type { Signer } from '#shared/model/charter.ts';
import { MAX_SIGNATURES, type Signature } from '#shared/model/manifest.ts';
import type { ScriptVersion } from '#shared/model/script.ts';
import { readScript, scriptHash, scriptSigners } from '#shared/seal/script-seal.ts';
import * as repository from './script-repository.ts';

export type { StoredVersion } from './script-repository.ts';

/** More than people find their way in. */
const MAX_SCRIPTS = 1_000;
/** Each has up to 256 KiB; who changes one more often keeps it in a repository of their own. */
const MAX_VERSIONS = 500;

export interface HandedVersion {
  text: string;
  signatures: readonly Signature[];
  /** "" for what a person handed over. */
  origin: string;
}

interface LibraryDeps {
  store: Store;
  audit: Audit;
  clock: Pick<Clock, 'now'>;
  /** Everybody whom the charter of some site names. */
  signers: () => Promise<Signer[]>;
  /** A version is not the newest any more: what waits with it is ended in the same transaction. */
  onOutdated: (tx: Tx, hash: string) => Promise<void>;
}

interface Judged {
  document: ScriptVersion;
  text: string;
  hash: string;
  signatures: Signature[];
  signers: string[];
  origin: string;
}

export class ScriptLibrary {
  readonly #deps: LibraryDeps;

  constructor(deps: LibraryDeps) {
    this.#deps = deps;
  }

  /** The newest version of each, by name. */
  list(): Promise<repository.StoredVersion[]> {
    return repository.latestVersions(this.#deps.store.db);
  }

  /** Newest first; throws `not-found`. */
  async versions(id: ScriptId): Promise<repository.StoredVersion[]> {
    const all = await repository.versionsOf(this.#deps.store.db, id);
    if (all.length === 0) throw new AppError('not-found', `no script ${id}`);
    return all;
  }

  /** Who the signers of versions are, by the ids of their keys. */
  async people(): Promise<ReadonlyMap<string, Signer>> {
    return new Map((await this.#deps.signers()).map((signer) => [signer.key.id, signer]));
  }

  /** A new script, its next version, or more signatures on one that is there. */
  async put(caller: Caller, handed: HandedVersion): Promise<Judged> {
    const judged = await this.#judge(handed);
    const { store, audit } = this.#deps;
    const { id, name } = judged.document;
    await store
      .transaction(async (tx) => {
        const verb = await this.#store(tx, caller, judged);
        const { hash, document, signers, origin } = judged;
        const detail = { name, version: document.version, hash, signers: signers.join(' '), origin };
        await audit.append(tx, { ...by(caller), verb, resource: `script:${id}`, outcome: 'ok', detail });
      })
      .catch(conflictWhen({ taken: `the library has a script called ${name}, or this version of it, already` }));
    return judged;
  }

  async remove(caller: Caller, id: ScriptId): Promise<void> {
    const { store, audit, clock } = this.#deps;
    await store.transaction(async (tx) => {
      const known = await repository.lockScript(tx, id);
      if (known === undefined) throw new AppError('not-found', `no script ${id}`);
      await this.#outdate(tx, known);
      await repository.markRemoved(tx, id, clock.now());
      const detail = { name: known.name, version: known.latest };
      await audit.append(tx, { ...by(caller), verb: 'script.remove', resource: `script:${id}`, outcome: 'ok', detail });
    });
  }

  /** A signature that nobody here can have made is refused: it would only look like a review. */
  async #judge({ text, signatures, origin }: HandedVersion): Promise<Judged> {
    const document = readScript(text);
    const everybody = { version: 0, signers: signatures.length === 0 ? [] : await this.#deps.signers() };
    const signers: string[] = [];
    for (const signature of signatures) {
      const [signer] = await scriptSigners({ text, signatures: [signature] }, everybody);
      if (signer === undefined)
        throw new AppError(
          'signature-invalid',
          `script ${document.name}: no signer of any charter made this signature`,
        );
      if (signers.includes(signer.key.id)) throw new AppError('signature-invalid', `${signer.name} signed twice`);
      signers.push(signer.key.id);
    }
    return { document, text, hash: await scriptHash(text), signatures: [...signatures], signers, origin };
  }

  async #store(tx: Tx, caller: Caller, judged: Judged): Promise<'script.add' | 'script.change' | 'script.review'> {
    const { document, text, hash, signatures, signers, origin } = judged;
    const { id, name, version } = document;
    const made = { createdAt: this.#deps.clock.now(), createdBy: actorName(caller.actor) };
    const row = { id, version, hash, text, signatures, signers, origin, ...made };
    const known = await repository.lockScript(tx, id);
    if (known === undefined) {
      if (version !== 1 || (await repository.isTaken(tx, id))) throw new AppError('not-found', `no script ${id}`);
      if ((await repository.countScripts(tx)) >= MAX_SCRIPTS)
        throw new AppError('too-large', `the library has ${MAX_SCRIPTS} scripts already`);
      await repository.insertScript(tx, { id, name, latest: 1 }, made);
      await repository.insertVersion(tx, row);
      return 'script.add';
    }
    if (version === known.latest + 1) {
      if (version > MAX_VERSIONS)
        throw new AppError('too-large', `script ${name}: has ${MAX_VERSIONS} versions; go on with another script`);
      await this.#outdate(tx, known);
      await repository.insertVersion(tx, row);
      await repository.setLatest(tx, { id, name, latest: version });
      return 'script.change';
    }
    await this.#review(tx, judged);
    return 'script.review';
  }

  async #outdate(tx: Tx, { id, latest }: repository.StoredScript): Promise<void> {
    const newest = (await repository.versionsOf(tx, id)).find(({ version }) => version === latest);
    if (newest !== undefined) await this.#deps.onOutdated(tx, newest.hash);
  }

  async #review(tx: Tx, { document, hash, signatures, signers }: Judged): Promise<void> {
    const { id, name, version } = document;
    const there = (await repository.versionsOf(tx, id)).find((one) => one.version === version);
    if (there?.hash !== hash)
      throw new AppError('conflict', `script ${name}: version ${version} is another, or not the next one`);
    const isNew = (_: unknown, n: number) => !there.signers.includes(signers[n] ?? '');
    const added = signatures.filter(isNew);
    if (added.length === 0) throw new AppError('conflict', `script ${name}: version ${version} has this signature`);
    const all = [...there.signatures, ...added];
    if (all.length > MAX_SIGNATURES)
      throw new AppError('too-large', `script ${name}: a version has at most ${MAX_SIGNATURES} signatures`);
    const signed = { signatures: all, signers: [...there.signers, ...signers.filter(isNew)] };
    await repository.setSignatures(tx, { id, version, ...signed });
  }
}
