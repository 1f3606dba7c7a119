// Charters of a site: the first is signed here while the owner key is at hand, later ones arrive signed and are judged.
import type { Scope } from '#console/access/scope.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { Caps, Charter, PublicKey, SignedCharter, TierChanges } from '#shared/model/charter.ts';
import { draftFirstCharter } from '#shared/seal/charter-draft.ts';
import { readCharter, signCharter, trustOf, verifyCharter } from '#shared/seal/charter-seal.ts';
import {
  findCharter,
  findSitesWithoutCharter,
  insertCharter,
  lockCharters,
  type StoredCharter,
} from './charter-repository.ts';
import type { Owner } from './owner.ts';

export interface FirstCharterRequest {
  site: SiteId;
  owner: Owner;
  cliSigner: PublicKey;
  now: EpochMs;
  caps?: Caps;
  tiers?: TierChanges | undefined;
}

/** Charter 1 of a new site; `charter-invalid` when the owner key was exported and must be brought back to sign. */
export async function firstCharter({ owner, ...draft }: FirstCharterRequest): Promise<SignedCharter> {
  if (owner.key === undefined) {
    throw new AppError('charter-invalid', `site ${draft.site}: the owner key was exported; its first charter needs it`);
  }
  return signCharter(draftFirstCharter({ ...draft, owner: owner.publicKey, paper: owner.paper }), [owner.key]);
}

/** A charter that may follow the one in force: judged outside any transaction, stored inside one. */
export interface JudgedCharter {
  site: SiteId;
  charter: Charter;
  signed: SignedCharter;
  /** The version it was judged against; 0 when it is the site's first. */
  follows: number;
}

/** `signed` as the first charter of `site`, signed by this instance's owner. */
export async function judgeFirstCharter(site: SiteId, signed: SignedCharter, owner: PublicKey): Promise<JudgedCharter> {
  const charter = await verifyCharter(signed, { pinnedOwners: [owner], quorum: 1 });
  if (charter.site !== site) throw new AppError('charter-invalid', `the charter is for site ${charter.site}`);
  return { site, charter, signed, follows: 0 };
}

/** `signed` as the next charter of `site`: enough of the former owners signed it, and it is newer. */
export async function judgeNextCharter(
  db: Db,
  scope: Scope,
  site: SiteId,
  signed: SignedCharter,
): Promise<JudgedCharter> {
  const current = await findCharter(db, scope, site);
  if (current === undefined) throw new AppError('not-found', `site ${site} has no charter`);
  const charter = await verifyCharter(signed, trustOf(await readCharter(current.signed)));
  return { site, charter, signed, follows: current.version };
}

/** `signed` as the first or the next charter of `site`, whichever is due; a site outside the scope is `not-found`. */
export async function judgeCharter(
  db: Db,
  scope: Scope,
  request: { site: SiteId; signed: SignedCharter; owner: PublicKey },
): Promise<JudgedCharter> {
  const { site, signed, owner } = request;
  const isFirst = (await findSitesWithoutCharter(db, scope)).includes(site);
  return isFirst ? judgeFirstCharter(site, signed, owner) : judgeNextCharter(db, scope, site, signed);
}

/** Stores a judged charter, unless another one came first: then `conflict`, and nothing is stored. */
export async function storeCharter(tx: Tx, judged: JudgedCharter, now: EpochMs): Promise<void> {
  const { site, charter, signed, follows } = judged;
  const inForce = await lockCharters(tx, site);
  if (inForce !== follows) {
    throw new AppError('conflict', `site ${site}: charter ${inForce} came first; sign on top of that one`);
  }
  await insertCharter(tx, site, { version: charter.version, signed }, now);
}

/** The charter in force; `not-found` when the site has none. */
export async function charterOf(db: Db, scope: Scope, site: SiteId): Promise<StoredCharter> {
  const found = await findCharter(db, scope, site);
  if (found === undefined) throw new AppError('not-found', `site ${site} has no charter`);
  return found;
}

/** Sites that still wait for their first charter. */
export const sitesWithoutCharter = (db: Db, scope: Scope): Promise<SiteId[]> => findSitesWithoutCharter(db, scope);
