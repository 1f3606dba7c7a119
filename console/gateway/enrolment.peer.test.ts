// The enrolment doors with their real rooms, store and proofs: who gets a certificate, who is told why not, and who is locked out.
import { expect, test } from 'vitest';
import { HOUR_MS, systemClock } from '#shared/base/clock.ts';
import { ENROL_PATH, EnrolAnswer, RENEW_PATH, RenewAnswer } from '#shared/crypto/enrolment-messages.ts';
import { newRelayKey, proveKey, spkiOf } from '#shared/crypto/identity-key.ts';
import { readCertificate, readRelayCertificate } from '#shared/crypto/peer-certificate.ts';
import { newSecret } from '#shared/crypto/token.ts';
import { BOOT, enrolRelay } from '#test/fixtures/console-kit.ts';
import { enrolmentDoor, enrolRequest } from '#test/fixtures/enrolment-door.ts';

test('a token and a proven key become a relay, a certificate of that key, and the device it runs on', async () => {
  const { post, token, site, authority, store, relays } = await enrolmentDoor();
  const key = newRelayKey();
  const { status, body } = await post(ENROL_PATH, enrolRequest(await token(), {}, key));
  expect(status).toBe(200);
  const answer = EnrolAnswer.parse(body);
  expect(answer).toMatchObject({ site: site.id, authority: authority.certificatePem, linkPort: 8444 });
  const certificate = readRelayCertificate(readCertificate(answer.certificate));
  expect(certificate).toMatchObject({ relay: answer.relay, site: site.id });
  expect(certificate.spki.equals(spkiOf(key))).toBe(true);
  expect(await relays.byKey(certificate.keyId)).toMatchObject({
    id: answer.relay,
    certificateSerial: certificate.serial,
  });
  const devices = await store.db.selectFrom('device').select(['relay_id', 'name', 'transport']).execute();
  expect(devices).toEqual([{ relay_id: answer.relay, name: 'laptop-7', transport: 'local' }]);
});

test('a token is used once; whoever lost the answer asks again with the same key and gets the same relay', async () => {
  const { post, token, store } = await enrolmentDoor();
  const shown = await token();
  const key = newRelayKey();
  const first = await post(ENROL_PATH, enrolRequest(shown, {}, key));
  const again = await post(ENROL_PATH, enrolRequest(shown, {}, key));
  expect(again).toMatchObject({ status: 200, body: { relay: EnrolAnswer.parse(first.body).relay } });
  expect(await post(ENROL_PATH, enrolRequest(shown))).toMatchObject({ status: 403, body: { code: 'token-used' } });
  expect(await store.db.selectFrom('relay').select('id').execute()).toHaveLength(1);
});

test('of many machines that race for one token one is enrolled, and a leaf token lets in as many as it says', async () => {
  const { post, token } = await enrolmentDoor();
  const shown = await token();
  const race = await Promise.all(Array.from({ length: 5 }, () => post(ENROL_PATH, enrolRequest(shown))));
  expect(race.map((one) => one.status).sort()).toEqual([200, 403, 403, 403, 403]);
  const leaves = await token('leaf', 3);
  const machines = [1, 2, 3, 4].map((n) =>
    enrolRequest(leaves, { kind: 'leaf', identity: { machineId: `${n}08dfa6083e7567a1921a715000001fb`, macs: [] } }),
  );
  const statuses: number[] = [];
  for (const machine of machines) statuses.push((await post(ENROL_PATH, machine)).status);
  expect(statuses).toEqual([200, 200, 200, 403]);
});

test('a machine takes the place of a relay; the same machine under a new key takes its own device along', async () => {
  const { post, token, replacement, replaced, relays, store } = await enrolmentDoor();
  const oldKey = newRelayKey();
  const machine = {
    identity: {
      smbiosUuid: '4c4c4544-0042-3510-8052-b8c04f4d3332',
      machineId: 'b08dfa6083e7567a1921a715000001fb',
      macs: ['52:54:00:12:34:56'],
    },
  };
  const old = EnrolAnswer.parse((await post(ENROL_PATH, enrolRequest(await token(), machine, oldKey))).body).relay;
  const shown = await replacement(old);
  expect(await post(ENROL_PATH, enrolRequest(shown, machine, oldKey))).toMatchObject({ body: { code: 'conflict' } });
  const key = newRelayKey();
  const first = EnrolAnswer.parse((await post(ENROL_PATH, enrolRequest(shown, machine, key))).body);
  expect(first.relay).not.toBe(old);
  // Asked again, because the answer was lost: the same relay, and nothing is replaced twice.
  expect(EnrolAnswer.parse((await post(ENROL_PATH, enrolRequest(shown, machine, key))).body).relay).toBe(first.relay);
  expect(replaced).toEqual([old]);
  const polled = await store.db.selectFrom('device').select(['relay_id', 'transport']).execute();
  expect(polled).toEqual([{ relay_id: first.relay, transport: 'local' }]);
  const { certificate } = first;
  expect(await relays.byKey(readRelayCertificate(readCertificate(certificate)).keyId)).toMatchObject({ devices: 1 });
  expect(await post(ENROL_PATH, enrolRequest(await token(), {}, oldKey))).toMatchObject({
    body: { code: 'certificate-revoked' },
  });
});

test('every failure has its code, and none uses the token up', async () => {
  const { post, token, audit, store } = await enrolmentDoor();
  const shown = await token();
  const good = enrolRequest(shown);
  const cases: Array<[unknown, number, string]> = [
    ['not json', 400, 'bad-request'],
    [{ ...good, extra: 1 }, 400, 'bad-request'],
    ['x'.repeat(40_000), 413, 'too-large'],
    [{ ...good, proof: good.proof.replace(/^../, 'AA') }, 403, 'signature-invalid'],
    [{ ...good, spki: enrolRequest(shown).spki }, 403, 'signature-invalid'],
    [enrolRequest({ id: shown.id, secret: newSecret() }), 401, 'token-unknown'],
    [enrolRequest({ id: '01890000-0000-7000-8000-000000000001', secret: shown.secret }), 401, 'token-unknown'],
    [enrolRequest(shown, { kind: 'leaf' }), 400, 'bad-request'],
  ];
  for (const [body, status, code] of cases)
    expect(await post(ENROL_PATH, body)).toMatchObject({ status, body: { code } });
  expect(await post(ENROL_PATH, good)).toMatchObject({ status: 200 });
  const rows = await store.db.selectFrom('audit_log').select(['verb', 'outcome', 'detail']).execute();
  expect(rows.filter((row) => row.outcome === 'refused')).toHaveLength(cases.length);
  expect(JSON.stringify(rows)).not.toContain(shown.secret);
  expect(audit).toBeDefined();
});

test('ten thousand guesses lock out the address, then everybody, with an alarm each and few rows', async () => {
  const { post, token, store, from, alarms, limiterClock } = await enrolmentDoor();
  const shown = await token();
  const guess = '{"tokenId":1}';
  for (let i = 0; i < 500; i++) await post(ENROL_PATH, guess);
  expect(alarms).toEqual(['enrolment is closed to 192.0.2.1: too many failed attempts']);
  expect(await post(ENROL_PATH, enrolRequest(shown))).toMatchObject({ status: 429, body: { code: 'rate-limited' } });
  from.address = '192.0.2.2';
  expect(await post(ENROL_PATH, enrolRequest(await token()))).toMatchObject({ status: 200 });
  for (let i = 0; i < 9_500; i++) {
    from.address = `2001:db8:${(i % 3_000).toString(16)}::1`;
    await post(ENROL_PATH, guess);
  }
  expect(alarms.at(-1)).toBe('enrolment is closed to everybody: too many failed attempts');
  from.address = '198.51.100.1';
  expect(await post(ENROL_PATH, enrolRequest(shown))).toMatchObject({ status: 429 });
  const rows = await store.db.selectFrom('audit_log').select('seq').where('outcome', '=', 'refused').execute();
  expect(rows.length).toBeLessThan(600);
  await limiterClock.advance(600_000);
  expect(await post(ENROL_PATH, enrolRequest(shown))).toMatchObject({ status: 200 });
}, 30_000);

test('an expired certificate renews by its key for 180 days; a revoked, foreign or unproven one never', async () => {
  const kit = await enrolmentDoor();
  const renewal = (relay: { id: string; key: string; certificate: string }, time = systemClock.now()) => {
    const { serial, relay: id } = readRelayCertificate(readCertificate(relay.certificate));
    const nonce = 'n'.repeat(22);
    const proof = proveKey({ purpose: 'renew', relay: id, serial, time, nonce }, relay.key).toString('base64url');
    return { certificate: relay.certificate, time, nonce, proof };
  };
  const [late, tooLate, revoked] = [
    await enrolRelay(kit, 'late', -179),
    await enrolRelay(kit, 'too-late', -181),
    await enrolRelay(kit, 'revoked', -1),
  ];
  await kit.relays.revoke(BOOT, revoked.id);
  const renewed = await kit.post(RENEW_PATH, renewal(late));
  expect(renewed.status).toBe(200);
  const { relay, expiresAt } = readRelayCertificate(readCertificate(RenewAnswer.parse(renewed.body).certificate));
  expect(relay).toBe(late.id);
  expect(expiresAt).toBeGreaterThan(systemClock.now() + 13 * 24 * HOUR_MS);
  const refusals: Array<[unknown, string]> = [
    [renewal(tooLate), 'certificate-expired'],
    [renewal(revoked), 'certificate-revoked'],
    [{ ...renewal(late), nonce: 'm'.repeat(22) }, 'signature-invalid'],
    [renewal(late, systemClock.now() - HOUR_MS), 'clock-skew'],
  ];
  for (const [body, code] of refusals) expect((await kit.post(RENEW_PATH, body)).body).toMatchObject({ code });
});
