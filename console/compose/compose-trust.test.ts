// Proves that an exported owner key is gone from the running console too, and that a broken profile is replaced.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { People } from '#console/access/people.ts';
import { exportOwner } from '#console/trust/owner.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import { makeEstate } from '#test/repository/estate.ts';
import { sqliteEngine } from '#test/repository/test-engine.ts';
import { openTrust, prepareProfile } from './compose-trust.ts';

async function trustOf() {
  const data = tempFolder(onTestFinished);
  const estate = await makeEstate(sqliteEngine);
  const trust = await openTrust(data, ['localhost'], estate);
  const charters = () => estate.store.db.selectFrom('charter').select('version').execute();
  return { data, estate, trust, charters };
}

test('a site gets its first charter while the owner key is at hand', async () => {
  const { trust, estate, charters } = await trustOf();
  await trust.charterFirst(estate.siteId);
  expect(await charters()).toEqual([{ version: 1 }]);
});

test('after the export nothing signs, not even when a file stands in the place of the key again', async () => {
  const { data, trust, estate, charters } = await trustOf();
  await exportOwner(data, path.join(data, 'usb.key'));
  await trust.charterFirst(estate.siteId);
  writeFileSync(path.join(data, 'owner', 'owner.key'), 'not the key', { mode: 0o600 });
  await expect(trust.charterFirst(estate.siteId)).rejects.toMatchObject({ code: 'signature-invalid' });
  expect(await charters()).toEqual([]);
});

test('a profile that does not read is replaced, and its text shows nowhere', async () => {
  const { data, estate } = await trustOf();
  const people = new People(estate);
  await prepareProfile(data, people, 'http://localhost:8080');
  const file = path.join(data, 'cli', 'profile.json');
  writeFileSync(file, '{"token":"canary-of-a-token');
  await prepareProfile(data, people, 'http://localhost:8080');
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ url: 'http://localhost:8080' });
});
