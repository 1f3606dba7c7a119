// Takes freezes and thaws of a site: proven against its charter, kept, and handed to its relays, who prove them again.
import type { Scope } from '#console/access/scope.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { Brake, SignedBrake } from '#shared/model/freeze.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { assertNotAhead, verifyBrake } from '#shared/seal/freeze-seal.ts';
import { deleteThaw, findBrakes, type JudgedBrake, putBrake } from './brake-repository.ts';
import { lockCharters } from './charter-repository.ts';
import { charterOf } from './charter-service.ts';

/** Throws what the relays would refuse it for. */
export async function judgeBrake(
  db: Db,
  scope: Scope,
  site: SiteId,
  { signed, now }: { signed: SignedBrake; now: EpochMs },
): Promise<Brake> {
  const charter = await readCharter((await charterOf(db, scope, site)).signed);
  const brake = await verifyBrake(signed, charter);
  assertNotAhead(brake, now);
  return brake;
}

/** Stores a judged brake; one that is older than what is kept changes nothing and is refused. */
export async function storeBrake(tx: Tx, scope: Scope, judged: JudgedBrake, now: EpochMs): Promise<void> {
  const { site, brake } = judged;
  await lockCharters(tx, site);
  const newest = (await findBrakes(tx, scope, site)).at(-1);
  if (newest !== undefined && newest.at >= brake.at)
    throw new AppError('conflict', `site ${site}: a ${newest.kind} of the same time or later is in force`);
  await putBrake(tx, judged, now);
  // Whatever waited was about what was in force before.
  await deleteThaw(tx, site);
}

/** What the relays of the site must hold, oldest first. */
export const brakesOf = async (db: Db, scope: Scope, site: SiteId): Promise<SignedBrake[]> =>
  (await findBrakes(db, scope, site)).map(({ signed }) => signed);
