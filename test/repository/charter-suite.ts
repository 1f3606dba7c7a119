// Charters on both engines: the highest version is in force, and two next ones at once leave one.
import { describe, expect, test } from 'vitest';
import { can } from '#console/access/can.ts';
import type { Store } from '#console/store/database.ts';
import { brakesOf, judgeBrake, storeBrake } from '#console/trust/brake-service.ts';
import {
  charterOf,
  firstCharter,
  judgeCharter,
  judgeFirstCharter,
  judgeNextCharter,
  sitesWithoutCharter,
  storeCharter,
} from '#console/trust/charter-service.ts';
import type { Owner } from '#console/trust/owner.ts';
import { judgeThaw, keepThaw, waitingThaw } from '#console/trust/thaw-service.ts';
import { FreezeId, SiteId } from '#shared/base/id.ts';
import type { SignedCharter } from '#shared/model/charter.ts';
import type { Freeze, SignedBrake, Thaw } from '#shared/model/freeze.ts';
import { draftNextCharter } from '#shared/seal/charter-draft.ts';
import { readCharter, signCharter } from '#shared/seal/charter-seal.ts';
import { signBrake } from '#shared/seal/freeze-seal.ts';
import { keyOfWord, SAMPLE_SITE, SAMPLE_TIME } from '#test/fixtures/sample-trust.ts';
import { freshStore, type TestEngine } from './test-engine.ts';

const permission = can({ kind: 'system', part: 'test' }, 'charter.read');
if (!permission.allowed) throw new Error('tests read everything');
const { scope } = permission;

const ownerOfWord = async (word: string): Promise<Owner> => {
  const key = await keyOfWord(word);
  return { key, publicKey: key.publicKey };
};

async function siteWithCharter(store: Store): Promise<SignedCharter> {
  await store.db.insertInto('customer').values({ id: 'c', name: 'c', created_at: 1 }).execute();
  await store.db
    .insertInto('site')
    .values({ id: SAMPLE_SITE, customer_id: 'c', name: 's', time_zone: 'UTC', is_simulated: 0, created_at: 1 })
    .execute();
  expect(await sitesWithoutCharter(store.db, scope)).toEqual([SAMPLE_SITE]);
  const owner = await ownerOfWord('owner');
  const cliSigner = (await keyOfWord('cli')).publicKey;
  const signed = await firstCharter({ site: SAMPLE_SITE, owner, cliSigner, now: SAMPLE_TIME });
  const judged = await judgeFirstCharter(SAMPLE_SITE, signed, owner.publicKey);
  await store.transaction((tx) => storeCharter(tx, judged, SAMPLE_TIME));
  return signed;
}

async function nextOf(signed: SignedCharter, devicesPerManifest: number, word = 'owner'): Promise<SignedCharter> {
  const draft = draftNextCharter(await readCharter(signed), { caps: { devicesPerManifest } }, SAMPLE_TIME);
  return signCharter(draft, [await keyOfWord(word)]);
}

const freeze = (n: number): Freeze => ({
  v: 1,
  kind: 'freeze',
  site: SAMPLE_SITE,
  id: FreezeId.parse(`0190a000-0000-7000-8005-00000000000${n}`),
  at: SAMPLE_TIME + n,
  reason: 'test',
});

function defineBrakeTests(engine: TestEngine): void {
  describe(`freezes on ${engine.name}`, () => {
    test('the newest freeze and thaw are kept, oldest first, and what is older changes nothing', async () => {
      const store = await freshStore(engine);
      await siteWithCharter(store);
      const take = async (brake: Freeze | Thaw, word: string) => {
        const signed = await signBrake(brake, [await keyOfWord(word)]);
        const judged = await judgeBrake(store.db, scope, SAMPLE_SITE, { signed, now: SAMPLE_TIME });
        await store.transaction((tx) =>
          storeBrake(tx, scope, { site: SAMPLE_SITE, brake: judged, signed }, SAMPLE_TIME),
        );
        return signed;
      };
      await take(freeze(1), 'cli');
      const second = await take(freeze(2), 'cli');
      expect(await brakesOf(store.db, scope, SAMPLE_SITE)).toEqual([second]);
      await expect(take(freeze(1), 'cli')).rejects.toMatchObject({ code: 'conflict' });
      const thaw: Thaw = { ...freeze(3), site: SAMPLE_SITE, kind: 'thaw', freezes: freeze(2).id };
      await expect(take(thaw, 'cli')).rejects.toMatchObject({ code: 'signature-missing' });
      const third = await take(thaw, 'owner');
      expect(await brakesOf(store.db, scope, SAMPLE_SITE)).toEqual([second, third]);
      // It would bar every later freeze, and no relay takes it.
      const ahead = { ...freeze(5), at: SAMPLE_TIME + 2 * 86_400_000 };
      await expect(take(ahead, 'cli')).rejects.toMatchObject({ code: 'clock-skew' });
      await expect(take(freeze(4), 'stranger')).rejects.toMatchObject({ code: 'signature-invalid' });
    });

    test('a thaw waits for the second signature, joins it to the first, and is forgotten with the freeze', async () => {
      const store = await freshStore(engine);
      await siteWithCharter(store);
      const sign = async (brake: Freeze | Thaw, word: string) => signBrake(brake, [await keyOfWord(word)]);
      const stop = async (brake: Freeze) => {
        const signed = await sign(brake, 'cli');
        await store.transaction((tx) => storeBrake(tx, scope, { site: SAMPLE_SITE, brake, signed }, SAMPLE_TIME));
      };
      const judge = (signed: SignedBrake) => judgeThaw(store.db, scope, SAMPLE_SITE, { signed, now: SAMPLE_TIME });
      const waits = () => waitingThaw(store.db, scope, SAMPLE_SITE);
      const thaw: Thaw = { ...freeze(3), site: SAMPLE_SITE, kind: 'thaw', freezes: freeze(2).id };
      await expect(judge(await sign(thaw, 'cli'))).rejects.toMatchObject({ code: 'conflict' });
      await stop(freeze(2));
      const half = await judge(await sign(thaw, 'cli'));
      expect(half.lacks).toContain('two people');
      await store.transaction((tx) => keepThaw(tx, scope, half, SAMPLE_TIME));
      expect(await waits()).toEqual({ signed: half.signed, lacks: half.lacks });
      await expect(judge(await sign(thaw, 'stranger'))).rejects.toMatchObject({ code: 'signature-invalid' });
      await expect(store.transaction((tx) => keepThaw(tx, scope, half, SAMPLE_TIME))).rejects.toThrow('sign it again');
      const ahead = { ...thaw, at: SAMPLE_TIME + 2 * 86_400_000 };
      await expect(judge(await sign(ahead, 'cli'))).rejects.toMatchObject({ code: 'clock-skew' });
      const again = await judge(await sign(thaw, 'cli'));
      expect([again.lacks, again.signed.signatures.length]).toEqual([half.lacks, 1]);
      const whole = await judge(await sign(thaw, 'owner'));
      expect([whole.lacks, whole.signed.signatures.length]).toEqual([undefined, 2]);
      await stop(freeze(4));
      expect(await waits()).toBeUndefined();
    });
  });
}

export function defineCharterTests(engine: TestEngine): void {
  defineBrakeTests(engine);
  describe(`charters on ${engine.name}`, () => {
    test('a site gets its first charter once, and then the newest is in force', async () => {
      const store = await freshStore(engine);
      const first = await siteWithCharter(store);
      expect(await charterOf(store.db, scope, SAMPLE_SITE)).toEqual({ version: 1, signed: first });
      expect(await sitesWithoutCharter(store.db, scope)).toEqual([]);
      const second = await nextOf(first, 500);
      const judged = await judgeNextCharter(store.db, scope, SAMPLE_SITE, second);
      await store.transaction((tx) => storeCharter(tx, judged, SAMPLE_TIME));
      expect(await charterOf(store.db, scope, SAMPLE_SITE)).toEqual({ version: 2, signed: second });
    });

    test('a replayed charter and one by a stranger are refused', async () => {
      const store = await freshStore(engine);
      const first = await siteWithCharter(store);
      const judge = (signed: SignedCharter) => judgeNextCharter(store.db, scope, SAMPLE_SITE, signed);
      await expect(judge(first)).rejects.toMatchObject({ code: 'charter-rollback' });
      await expect(judge(await nextOf(first, 500, 'stranger'))).rejects.toMatchObject({ code: 'signature-invalid' });
    });

    test('a site that was made without the owner key waits for a charter that this owner signs', async () => {
      const store = await freshStore(engine);
      const first = await siteWithCharter(store);
      await store.db.deleteFrom('charter').execute();
      const owner = (await ownerOfWord('owner')).publicKey;
      const judge = (site: SiteId, signed: SignedCharter) => judgeCharter(store.db, scope, { site, signed, owner });
      const foreign = await signCharter(await readCharter(first), [await keyOfWord('stranger')]);
      await expect(judge(SAMPLE_SITE, foreign)).rejects.toMatchObject({ code: 'signature-invalid' });
      const nowhere = SiteId.parse('01a203bf-381a-7d2d-8074-8c94ab8c15a5');
      await expect(judge(nowhere, first)).rejects.toMatchObject({ code: 'not-found' });
      expect((await judge(SAMPLE_SITE, first)).follows).toBe(0);
      const judged = await judge(SAMPLE_SITE, first);
      await store.transaction((tx) => storeCharter(tx, judged, SAMPLE_TIME));
      await expect(judge(SAMPLE_SITE, first)).rejects.toMatchObject({ code: 'charter-rollback' });
    });

    test('of two next charters at once one is stored and the other is told', async () => {
      const store = await freshStore(engine);
      const first = await siteWithCharter(store);
      const both = await Promise.all(
        [30, 40].map(async (n) => judgeNextCharter(store.db, scope, SAMPLE_SITE, await nextOf(first, n))),
      );
      const ends = await Promise.allSettled(
        both.map((judged) => store.transaction((tx) => storeCharter(tx, judged, SAMPLE_TIME))),
      );
      expect(ends.map((end) => end.status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(ends.find((end) => end.status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
    });
  });
}
