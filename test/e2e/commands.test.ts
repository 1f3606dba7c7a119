// Nothing runs that no human key has signed for this machine, this relay and this hour, and nobody runs it twice: through the whole house.
import { expect, onTestFinished, test } from 'vitest';
import { loadSigner } from '#console/cli/signer-key.ts';
import { systemClock } from '#shared/base/clock.ts';
import { type DeviceId, ManifestId, newId } from '#shared/base/id.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import type { Manifest, SignedManifest } from '#shared/model/manifest.ts';
import { draftNextCharter } from '#shared/seal/charter-draft.ts';
import { readCharter, signCharter } from '#shared/seal/charter-seal.ts';
import { generateSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';
import { readManifest, signBatch } from '#shared/seal/manifest-seal.ts';
import { type Lab, startLab } from '#test/lab/lab.ts';
import {
  addLab,
  auditRows,
  type EnrolledRelay,
  type Estate,
  enrolRelay,
  makeSite,
  outcomesOf,
  type RunningRelay,
  raiseCaps,
  run,
  runOrder,
  runRelay,
  sign,
  startEstate,
  startRelay,
  untilKnown,
} from './composed-site.ts';

const HOUR = 3_600_000;
/** What every forgery would leave behind on the device. */
const TROPHY = '/lab/trophy';
const THEFT = `echo stolen >> ${TROPHY}`;

interface House {
  estate: Estate;
  relay: RunningRelay;
  other: EnrolledRelay;
  lab: Lab;
  targets: DeviceTarget[];
}

async function house(): Promise<House> {
  const estate = await startEstate();
  const site = await makeSite(estate, 'Lab');
  const relay = await startRelay(estate, site);
  const other = await enrolRelay(estate, site);
  const lab = await startLab({ devices: 4, base: '127.31.0.1' });
  onTestFinished(() => lab.stop());
  const targets = await untilKnown(estate, await addLab(estate, relay, lab));
  return { estate, relay, other, lab, targets };
}

/** What a thief of the console can do: put any text into its queue, as sent, so that not even an expired one is held back. */
function smuggle({ estate, relay }: House, signed: SignedManifest, targets: readonly DeviceId[]): ManifestId {
  const { id } = readManifest(signed.manifest);
  const { database } = estate;
  database.prepare('delete from action where id = ?').run(id);
  database
    .prepare(`insert into action (id, site_id, relay_id, name, manifest, signed, signer, reason, created_by, created_at,
         expires_at, state, targets) values (?, ?, ?, 'command.run', ?, ?, 'thief', '', 'thief', ?, ?, 'sent', ?)`)
    .run(
      id,
      relay.site,
      relay.id,
      signed.manifest,
      JSON.stringify(signed),
      Date.now(),
      Date.now() + HOUR,
      targets.length,
    );
  const insert = database.prepare(
    `insert into action_outcome (action_id, device_id, state, at, is_truncated) values (?, ?, 'sent', ?, 0)`,
  );
  for (const device of targets) insert.run(id, device, Date.now());
  return id;
}

/** A manifest for the first device, with what a case changes, under a signature of `key`. */
async function signedBy(
  { relay, targets }: House,
  key: SigningKey,
  change: Partial<Manifest> = {},
): Promise<SignedManifest> {
  const now = systemClock.now();
  const [first] = targets;
  if (first === undefined) throw new Error('no device');
  const manifest: Manifest = {
    v: 1,
    id: ManifestId.parse(newId(now)),
    site: relay.site,
    relay: relay.id,
    targets: [{ device: first.id, identity: first.identity }],
    action: { name: 'command.run', arguments: { command: THEFT } },
    nbf: now,
    exp: now + HOUR,
    charterVersion: 1,
    caps: { timeoutMs: 5_000, outputBytes: 1_024, concurrency: 1 },
    reason: '',
    ...change,
  };
  const [signed] = await signBatch([manifest], key);
  if (signed === undefined) throw new Error('nothing was signed');
  return signed;
}

/** Each refusal the relay tells of, by manifest. */
async function refusalsOf(estate: Estate): Promise<Map<string, { code: string; actor: string }>> {
  const rows = (await auditRows(estate)).filter(({ verb }) => verb === 'manifest.refuse');
  return new Map(
    rows.map(({ actor, outcome, detail }) => {
      expect(outcome).toBe('refused');
      const { manifest, code } = detail as { manifest: string; code: string }; // what the relay's audit record holds
      return [manifest, { actor, code }];
    }),
  );
}

/** The console has nothing to hold back now: a good order makes it send all that is due. */
const wake = ({ estate, targets }: House) => run(estate, runOrder(targets.slice(3), 'true'));

test('a forged, edited, expired, early, greedy or re-targeted order is refused at the relay, audited, settled, and runs nothing', async () => {
  const place = await house();
  const { estate, relay, other, lab, targets } = place;
  const signer = await loadSigner(estate.data);
  const thief = await generateSigningKey();
  const now = systemClock.now();
  const honest = await signedBy(place, signer, { action: { name: 'command.run', arguments: { command: 'true' } } });
  const cases: Array<[code: string, signed: SignedManifest]> = [
    ['signature-invalid', await signedBy(place, thief)],
    // It names our signer and signs with its own key.
    ['signature-invalid', await signedBy(place, { ...thief, publicKey: signer.publicKey })],
    ['signature-invalid', { ...honest, manifest: honest.manifest.replace('"true"', JSON.stringify(THEFT)) }],
    ['manifest-expired', await signedBy(place, signer, { nbf: now - HOUR, exp: now - 1 })],
    ['manifest-early', await signedBy(place, signer, { nbf: now + HOUR, exp: now + 2 * HOUR })],
    ['manifest-retargeted', await signedBy(place, signer, { relay: other.id })],
    ['manifest-retargeted', await signedBy(place, signer, { site: await makeSite(estate, 'Elsewhere') })],
    ['charter-invalid', await signedBy(place, signer, { charterVersion: 2 })],
    ['cap-exceeded', await signedBy(place, signer, { caps: { timeoutMs: 4 * HOUR, outputBytes: 1, concurrency: 1 } })],
  ];
  const first = targets.slice(0, 1).map(({ id }) => id);
  const ids = cases.map(([, signed]) => smuggle(place, signed, first));
  await wake(place);
  const outcomes = await outcomesOf(estate, ids);
  expect(outcomes.map(({ state }) => state)).toEqual(cases.map(() => 'refused'));
  await expect.poll(async () => (await refusalsOf(estate)).size).toBe(cases.length);
  const refusals = await refusalsOf(estate);
  expect(ids.map((id) => refusals.get(id))).toEqual(cases.map(([code]) => ({ code, actor: `relay:${relay.id}` })));
  for (const id of ids) expect(await estate.api.actions.show({ id })).toMatchObject({ state: 'settled' });
  expect(lab.file(0, TROPHY)).toBeUndefined();
  expect(lab.counts().map(({ commands }) => commands)).toEqual([0, 0, 0, 1]);
  expect(await estate.api.audit.verify()).toMatchObject({ ok: true });
});

test('a good signature for a device that is elsewhere, or for another machine, is refused on that device alone', async () => {
  const place = await house();
  const { estate, lab, targets } = place;
  const signer = await loadSigner(estate.data);
  const [first, second, third] = targets;
  if (first === undefined || second === undefined || third === undefined) throw new Error('no devices');
  const stranger = { device: third.id, identity: third.identity };
  await estate.api.devices.remove({ id: third.id });
  const mixed = await signedBy(place, signer, {
    targets: [
      { device: first.id, identity: second.identity },
      { device: second.id, identity: second.identity },
      stranger,
    ],
  });
  const id = smuggle(place, mixed, [first.id, second.id, third.id]);
  await wake(place);
  const byDevice = new Map((await outcomesOf(estate, [id])).map((one) => [one.deviceId, one]));
  expect(byDevice.get(first.id)).toMatchObject({ state: 'refused', reason: 'identity-changed' });
  expect(byDevice.get(second.id)).toMatchObject({ state: 'succeeded' });
  expect(byDevice.get(third.id)).toMatchObject({ state: 'refused', reason: 'manifest-retargeted' });
  const told = (await auditRows(estate)).filter(({ verb }) => verb === 'action.refuse');
  expect(told.map(({ detail }) => detail)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ reason: 'identity-changed', device: first.id }),
      expect.objectContaining({ reason: 'manifest-retargeted', device: third.id }),
    ]),
  );
  // The lab's devices stand in the order of their addresses, the targets in that of their names.
  const trophies = lab.devices.filter(({ index }) => lab.file(index, TROPHY) !== undefined);
  expect(trophies.map(({ name }) => name)).toEqual([second.name]);
});

test('an order that ran is never run again by whoever sends it again, and the audit says who tried', async () => {
  const place = await house();
  const { estate, lab, targets } = place;
  const [signed] = await sign(estate, runOrder(targets.slice(0, 2), `echo ran >> ${TROPHY}`));
  if (signed === undefined) throw new Error('nothing was signed');
  const { ids } = await estate.api.actions.submit({ signed: [signed] });
  expect((await outcomesOf(estate, ids)).map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  // Over the API the id is used up; behind it a thief makes the console forget that it ever ran.
  await expect(estate.api.actions.submit({ signed: [signed] })).rejects.toMatchObject({
    data: { code: 'manifest-replayed' },
  });
  // What it sent over this link it sends no second time while that is due; another round, and it has forgotten.
  await wake(place);
  // The relay has heard that all of it is stored: acknowledgements are gathered for 50 ms.
  await systemClock.sleep(300);
  const used = targets.slice(0, 2).map((target) => target.id);
  const id = smuggle(place, signed, used);
  await wake(place);
  const again = await outcomesOf(estate, [id]);
  expect(again.map(({ state }) => state)).toEqual(['succeeded', 'succeeded']);
  await expect.poll(async () => (await refusalsOf(estate)).get(id)?.code).toBe('manifest-replayed');
  const runs = lab.devices.map(({ index }) => lab.file(index, TROPHY)).filter((text) => text !== undefined);
  expect(runs).toEqual(['ran\n', 'ran\n']);
});

test('a charter that no owner signed is refused and audited; one that the owner signed counts for the order right behind it', async () => {
  const place = await house();
  const { estate, relay, targets } = place;
  const thief = await generateSigningKey();
  const { signed } = await estate.api.sites.charter({ id: relay.site });
  const current = await readCharter(signed);
  const forged = draftNextCharter(current, { owners: [thief.publicKey] }, systemClock.now());
  const row = [relay.site, 2, JSON.stringify(await signCharter(forged, [thief])), Date.now()];
  estate.database.prepare('insert into charter (site_id, version, signed, created_at) values (?, ?, ?, ?)').run(...row);
  await relay.stop();
  await runRelay(relay);
  await expect
    .poll(async () => (await auditRows(estate)).find(({ verb }) => verb === 'charter.refuse')?.detail)
    .toMatchObject({
      code: 'signature-invalid',
    });
  estate.database.prepare('delete from charter where version = 2').run();
  await raiseCaps(estate, relay.site, { devicesPerTenMinutes: 500 });
  const outcomes = await run(estate, runOrder(targets, 'true'));
  expect(outcomes.map(({ state }) => state)).toEqual(targets.map(() => 'succeeded'));
});
