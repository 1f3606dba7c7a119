// A thaw that gathers signatures: each person signs the same text where they are, and with the last one it is in force.
import type { Scope } from '#console/access/scope.ts';
import type { Db, Tx } from '#console/store/engine.ts';
import type { EpochMs } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { SignedBrake, Thaw } from '#shared/model/freeze.ts';
import { MAX_SIGNATURES } from '#shared/model/manifest.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { assertNotAhead, lackOfThaw, readBrake } from '#shared/seal/freeze-seal.ts';
import { findBrakes, findThaw, putThaw } from './brake-repository.ts';
import { lockCharters } from './charter-repository.ts';
import { charterOf } from './charter-service.ts';

export interface WaitingThaw {
  signed: SignedBrake;
  lacks: string;
}

export interface JudgedThaw {
  thaw: Thaw;
  /** With the signatures that were there before. */
  signed: SignedBrake;
  /** What was kept when it was judged. */
  former: SignedBrake | undefined;
  /** What it still asks for; undefined: it may come into force. */
  lacks: string | undefined;
}

/** The thaw of the freeze in force that waits for signatures; one of an earlier freeze or under another charter counts no more. */
export async function waitingThaw(db: Db, scope: Scope, site: SiteId): Promise<WaitingThaw | undefined> {
  const signed = await findThaw(db, scope, site);
  if (signed === undefined || (await frozenBy(db, scope, site)) !== readThaw(signed).freezes) return undefined;
  const charter = await readCharter((await charterOf(db, scope, site)).signed);
  const lacks = await lackOfThaw(signed, charter).then(
    (judged) => judged.lacks,
    () => undefined,
  );
  return lacks === undefined ? undefined : { signed, lacks };
}

/** Joins the signatures of `signed` to those that wait under the same text; throws what a relay would refuse it for. */
export async function judgeThaw(
  db: Db,
  scope: Scope,
  site: SiteId,
  { signed, now }: { signed: SignedBrake; now: EpochMs },
): Promise<JudgedThaw> {
  const charter = await readCharter((await charterOf(db, scope, site)).signed);
  const thaw = readThaw(signed);
  assertNotAhead(thaw, now);
  if ((await frozenBy(db, scope, site)) !== thaw.freezes)
    throw new AppError('conflict', `thaw ${thaw.id}: that freeze is not in force`);
  const former = await findThaw(db, scope, site);
  const joined = joinedWith(await waitingThaw(db, scope, site), signed);
  const { lacks } = await lackOfThaw(joined, charter);
  return { thaw, signed: joined, former, lacks };
}

/** Throws `conflict` when somebody else signed since it was judged: their signature is not written over. */
export async function keepThaw(
  tx: Tx,
  scope: Scope,
  { thaw, signed, former }: JudgedThaw,
  now: EpochMs,
): Promise<void> {
  await lockCharters(tx, thaw.site);
  const kept = await findThaw(tx, scope, thaw.site);
  if (JSON.stringify(kept) !== JSON.stringify(former))
    throw new AppError('conflict', `thaw ${thaw.id}: somebody else signed at the same moment; sign it again`);
  await putThaw(tx, thaw.site, signed, now);
}

function readThaw(signed: SignedBrake): Thaw {
  const brake = readBrake(signed);
  if (brake.kind !== 'thaw') throw new AppError('bad-request', `${brake.id} is a freeze, not a thaw`);
  return brake;
}

async function frozenBy(db: Db, scope: Scope, site: SiteId): Promise<string | undefined> {
  const newest = (await findBrakes(db, scope, site)).at(-1);
  return newest?.kind === 'freeze' ? readBrake(newest.signed).id : undefined;
}

function joinedWith(waiting: WaitingThaw | undefined, { text, signatures }: SignedBrake): SignedBrake {
  if (waiting?.signed.text !== text) return { text, signatures };
  const known = new Set(waiting.signed.signatures.map((one) => JSON.stringify(one)));
  const joined = [...waiting.signed.signatures, ...signatures.filter((one) => !known.has(JSON.stringify(one)))];
  if (joined.length > MAX_SIGNATURES) throw new AppError('too-large', `more than ${MAX_SIGNATURES} signatures`);
  return { text, signatures: joined };
}
