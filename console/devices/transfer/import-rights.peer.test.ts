// Proves that no file gives or takes what rights hang on, but a file of somebody who gives rights.
import { expect, test } from 'vitest';
import type { Caller } from '#console/access/can.ts';
import { ownerGrant } from '#console/access/grant.ts';
import { actorWith } from '#test/fixtures/person-actor.ts';
import { caller, makeEstate, scope } from '#test/repository/estate.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { Imports } from './imports.ts';

test('tags that rights hang on are not given or taken by a file of somebody who gives no rights', async () => {
  const estate = await makeEstate(sqliteEngine);
  const { store, addRelay } = estate;
  const outlets = { onDevicesChanged: () => undefined, onRosterChanged: () => undefined, onSitesMade: async () => {} };
  const imports = new Imports({ ...estate, outlets });
  const come = async (who: Caller, text: string, kind: 'devices' | 'sites' = 'devices') => {
    const { id } = await imports.plan(who, scope, { kind, format: 'csv', bytes: Buffer.from(text) });
    imports.apply(who, scope, id);
    await expect.poll(() => imports.show(who, id).state).not.toBe('applying');
    const { state, failure } = imports.show(who, id);
    return [state, /tag pay/.test(failure ?? '')];
  };
  await addRelay();
  await come(caller, 'name,site,address,tags\ndb-1,Main,10.0.0.1,"pay; sql"\n');
  await store.db.insertInto('person').values({ id: 'p3', name: 'Cid', created_at: 1 }).execute();
  const grant = { id: 'g1', person_id: 'p3', effect: 'deny' as const, role: null, verbs: '["action.*"]' };
  const over = { over_kind: 'tag', over_id: 'pay', from_at: null, until_at: null, hours: null, created_at: 1 };
  await store.db
    .insertInto('person_grant')
    .values({ ...grant, ...over })
    .execute();
  const writes = { ...ownerGrant('g2'), role: null, verbs: ['device.*', 'site.*'] };
  const technician: Caller = { actor: actorWith([writes]), scope };
  expect(await come(technician, 'name,site,address,tags\ndb-1,Main,10.0.0.1,sql\n')).toEqual(['failed', true]);
  expect(await come(technician, 'name,site,address,tags\ndb-2,Main,10.0.0.2,pay\n')).toEqual(['failed', true]);
  expect(await come(technician, 'customer,site,defaults\nMine,Main,tags=pay\n', 'sites')).toEqual(['failed', true]);
  const kept = 'name,site,address,tags\ndb-1,Main,10.0.0.1,"pay; other"\n';
  expect(await come(technician, kept)).toEqual(['done', false]);
});
