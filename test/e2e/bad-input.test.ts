// Everything bad that can come in, at one living console and relay: each is named for what it is, nobody else waits for it, nothing is lost.
//
// What is bad                       Here     Each by itself
// token wrong, used, expired        doors    relay/pin/enrol.peer, console/gateway/enrolment.peer
// certificate none, foreign         doors    console/gateway/gateway.peer, shared/crypto/certificate.peer
// certificate expired               doors    console/gateway/enrolment.peer, relay/pin/renew
// console of another authority      doors    relay/pin/identity.peer, relay/uplink/dial-console.peer
// protocol newer, older             doors    console/gateway/relay-link (older: there is none below 1 to speak)
// frame malformed, oversized        doors    console/gateway/gateway.peer, shared/protocol/wire-codec, fuzz frames
// host key unknown                  doors    relay/transport/ssh/ssh-login.peer
// clock of a relay 10 minutes off   doors    console/gateway/relay-link, relay/uplink/uplink-life
// host key changed, frozen, down    devices  relay/transport/ssh/ssh-login.peer, test/lab/lab-relay.peer
// password wrong                    devices  relay/transport/ssh/ssh-login.peer, relay/transport/credential-breaker
// 1 GB, output without end          devices  relay/transport/ssh/ssh.peer, test/lab/lab-relay.peer
// terminal escapes, invalid UTF-8   devices  test/lab/lab-relay.peer, relay/collect/linux/parse-hot
// clock of a device 10 minutes off  devices  relay/watch/device-watch
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openAuthority } from '#console/trust/authority.ts';
import { enrolThisMachine } from '#relay/commands/enrol-this-machine.ts';
import { IdentityStore } from '#relay/pin/identity.ts';
import { systemClock } from '#shared/base/clock.ts';
import type { DeviceId } from '#shared/base/id.ts';
import { createAuthority, issueRelayCertificate, loadAuthority } from '#shared/crypto/certificate.ts';
import { spkiOf } from '#shared/crypto/identity-key.ts';
import { formatToken, newSecret, parseToken } from '#shared/crypto/token.ts';
import { decodeStream } from '#test/chaos/stream-audit.ts';
import { readConsoleStream } from '#test/chaos/stream-content.ts';
import { TestLink } from '#test/fixtures/console-kit.ts';
import { tempFolder } from '#test/fixtures/temp-folder.ts';
import type { Behaviour } from '#test/lab/behaviour.ts';
import { type LabProcess, startLabProcess } from '#test/lab/lab-process.ts';
import { pollNumber } from '#test/lab/sequence-audit.ts';
import {
  addLab,
  type EnrolledRelay,
  type Estate,
  enrolRelay,
  makeSite,
  type RunningRelay,
  run,
  runOrder,
  runRelay,
  startEstate,
  startRelay,
  targetsOf,
  untilKnown,
} from './composed-site.ts';

const MINUTE = 60_000;
/** A device is polled every 5 s. So late may one be on a machine that runs other tests too, and never a whole turn. */
const MAX_GAP_MS = 9_000;

interface House {
  estate: Estate;
  relay: RunningRelay;
  lab: LabProcess;
  ids: DeviceId[];
}

async function house(devices: number, base: string): Promise<House> {
  const [estate, lab] = await Promise.all([startEstate(), startLabProcess({ devices, base, isAudit: true })]);
  onTestFinished(() => lab.stop());
  const relay = await startRelay(estate, await makeSite(estate, 'Lab'), {
    config: { poll: { timeoutMs: 3_000, concurrency: 64 } },
  });
  const ids = await addLab(estate, relay, lab);
  await untilKnown(estate, ids);
  return { estate, relay, lab, ids };
}

/** Each poll of these devices is stored once, in its turn, and none came late. */
async function expectUndisturbed({ estate, relay, lab }: House, healthy: ReadonlyMap<number, DeviceId>): Promise<void> {
  const stored = readConsoleStream(path.join(estate.data, 'console.db'), relay.id);
  expect(stored.gaps).toEqual([]);
  const { polls, undecodable, disordered } = decodeStream(stored.batches);
  expect({ undecodable, disordered }).toEqual({ undecodable: 0, disordered: 0 });
  const counts = await lab.counts();
  for (const [index, id] of healthy) {
    const own = polls.filter(({ device }) => device === id);
    const numbers = own.map(({ series, values }) => pollNumber(series, values));
    expect(numbers, `device ${index}`).toEqual(Array.from({ length: own.length }, (_, i) => i + 1));
    // The last ones are still on their way: the relay writes every 5 s.
    expect((counts[index]?.polls ?? 0) - own.length, `device ${index}`).toBeLessThanOrEqual(2);
    const gaps = own.slice(1).map(({ at }, i) => at - (own[i]?.at ?? 0));
    expect(Math.max(...gaps), `device ${index}: ${gaps}`).toBeLessThan(MAX_GAP_MS);
  }
}

/** Nothing was lost or set aside, and nothing of ours broke. */
async function expectSound({ estate, relay }: House): Promise<void> {
  expect(await estate.api.system.status({})).toMatchObject({ lost: 0, quarantined: 0 });
  expect(await estate.api.audit.verify({})).toMatchObject({ ok: true });
  const relays = (await estate.api.relays.list()).items;
  expect(relays.find(({ id }) => id === relay.id)).toMatchObject({ isConnected: true });
  expect([...estate.log, ...relay.log].filter((line) => line.startsWith('error'))).toEqual([]);
}

/** What the events with a code say, whoever they are of. */
const eventsOf = ({ database }: Estate, code: string): string[] =>
  database.prepare<[string], string>('select detail from event where code = ?').pluck().all(code);

/** What is wrong with a device from now on, and what the console says of it then. */
const ODD: ReadonlyArray<[change: Partial<Behaviour>, status: string, detail: RegExp]> = [
  [{ output: 'huge' }, 'down too-large', /more than \d+|over/],
  [{ output: 'endless' }, 'down too-large', /more than \d+|over/],
  [{ output: 'endless', spoilsIdentity: true }, 'down too-large', /more than \d+|over/],
  [{ refusesLogin: true }, 'down denied', /credential lab was not accepted/],
  [{ hostKey: 'other' }, 'down host-key-changed', /host key SHA256:\S+ is not the pinned SHA256:/],
  [{ isFrozen: true }, 'down timed-out', /ms|s\b/],
  [{ isDown: true }, 'down refused', /./],
  [{ output: 'ansi-bomb', hostname: '\u001b[2Jsim' }, 'up', /^$/],
  [{ output: 'invalid-utf8', hostname: '<img src=x onerror=alert(1)>' }, 'up', /^$/],
  [{ clockOffMs: 10 * MINUTE }, 'up', /^$/],
  [{ clockOffMs: -10 * MINUTE }, 'up', /^$/],
  [{ delayMs: 1_500 }, 'up', /^$/],
];
const HEALTHY = 4;

test('devices that flood, freeze, lie and refuse are named for it, and cost the others nothing', async () => {
  const place = await house(ODD.length + HEALTHY, '127.36.0.1');
  const { estate, lab, ids } = place;
  for (const [index, [change]] of ODD.entries()) {
    await lab.set(index, change);
    // New connections meet what is wrong; open ones would live on.
    if (change.refusesLogin === true || change.hostKey !== undefined || change.spoilsIdentity === true)
      await lab.reboot(index);
  }
  const devices = async () => {
    const byId = new Map((await estate.api.devices.list({})).items.map((device) => [device.id, device]));
    return ids.map((id) => byId.get(id));
  };
  const told = async () =>
    (await devices()).slice(0, ODD.length).map((one) => [one?.status, one?.statusReason].filter(Boolean).join(' '));
  await expect.poll(told, { timeout: 45_000, interval: 250 }).toEqual(ODD.map(([, status]) => status));
  for (const [index, device] of (await devices()).slice(0, ODD.length).entries())
    expect(device?.statusDetail ?? '', JSON.stringify(ODD[index]?.[0])).toMatch(ODD[index]?.[2] ?? /^$/);

  const skews = eventsOf(estate, 'clock-skew');
  for (const [index, [{ clockOffMs }]] of ODD.entries()) {
    if (clockOffMs === undefined) continue;
    const told = skews.find((detail) => detail.includes(ids[index] ?? ''));
    expect(told).toMatch(clockOffMs > 0 ? /its clock is (59|60)\d s ahead of/ : /its clock is (59|60)\d s behind/);
  }
  // What devices say is shown, and no terminal and no page obeys it.
  const shown = await Promise.all(
    ids.map((id) => Promise.all([estate.api.devices.show({ id }), estate.api.devices.facts({ id })])),
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
  expect(JSON.stringify(shown)).not.toMatch(/\\u001b|\\u009[0-9a-f]|[\u0000-\u001f\u0080-\u009f]/);

  const healthy = new Map(ids.map((id, index) => [index, id] as const).slice(ODD.length));
  const targets = await targetsOf(estate, [...healthy.values(), ...ids.slice(1, 2)]);
  const outcomes = await run(estate, runOrder(targets, 'echo well', { timeoutMs: 1_500, outputBytes: 4_096 }));
  const flood = outcomes.find(({ deviceId }) => deviceId === ids[1]);
  // Whatever comes first, the time or the bytes that even a job may print.
  expect(flood).toMatchObject({ state: 'failed', reason: expect.stringMatching(/^(timed-out|too-large)$/) });
  const well = outcomes.filter(({ deviceId }) => deviceId !== ids[1]);
  expect(well.map(({ state, stdout }) => `${state} ${stdout}`)).toEqual(Array(HEALTHY).fill('succeeded well\n'));
  await expectUndisturbed(place, healthy);
  await expectSound(place);
});

/** A relay whose file says something else than its enrolment did. */
function rewrite(relay: EnrolledRelay, change: { certificate?: string; authority?: string }): void {
  const store = new IdentityStore(relay.data);
  const { enrolment } = store;
  if (enrolment === undefined) throw new Error('not enrolled');
  store.saveEnrolment({ ...enrolment, ...change });
}

async function certificateFor(relay: EnrolledRelay, authority: Awaited<ReturnType<typeof loadAuthority>>, now: number) {
  const spki = spkiOf(new IdentityStore(relay.data).privateKey);
  return issueRelayCertificate(authority, { relay: relay.id, site: relay.site, spki, now });
}

/** Runs until its log says why it has no link. */
async function complaintOf(relay: EnrolledRelay): Promise<string> {
  const running = await runRelay(relay);
  const complaint = () => running.log.find((line) => line.includes('the link to the console is down'));
  await expect.poll(complaint, { timeout: 15_000 }).toBeDefined();
  await running.stop();
  return complaint() ?? '';
}

async function tryTokens(estate: Estate, site: EnrolledRelay['site']): Promise<string[]> {
  const attempt = async (token: string, owner: string) => {
    const data = tempFolder(onTestFinished, 'rmm-stranger');
    const tried = enrolThisMachine({ data, token, owner, kind: 'site' });
    return tried.then(
      () => 'enrolled',
      (error: { code: string }) => error.code,
    );
  };
  const [used, late] = await Promise.all([
    estate.api.relays.createToken({ siteId: site }),
    estate.api.relays.createToken({ siteId: site }),
  ]);
  const wrong = formatToken({ ...parseToken(used.token), secret: newSecret() });
  estate.database.prepare('update enrolment_token set expires_at = 1 where id = ?').run(parseToken(late.token).id);
  return [
    await attempt(wrong, used.owner),
    await attempt(late.token, late.owner),
    await attempt(used.token, 'not-the-owner-of-this-console'),
    await attempt(used.token, used.owner),
  ];
}

test('strangers, liars and relays of another age are turned away by name at the doors, and the good relay does not notice', async () => {
  const place = await house(3, '127.37.0.1');
  const { estate, relay, lab, ids } = place;
  const rogue = await loadAuthority(await createAuthority(Date.now()));
  const own = await openAuthority(estate.data, Date.now());
  const [foreign, misled, expired, odd, fast] = await Promise.all(
    Array.from({ length: 5 }, () => enrolRelay(estate, relay.site)),
  );
  if (!foreign || !misled || !expired || !odd || !fast) throw new Error('five relays');

  expect(await tryTokens(estate, relay.site)).toEqual([
    'token-unknown',
    'token-expired',
    'owner-mismatch',
    'token-used',
  ]);

  rewrite(foreign, { certificate: await certificateFor(foreign, rogue, Date.now()) });
  expect(await complaintOf(foreign)).toMatch(
    /hung up on this relay's certificate, valid until .* GMT \(certificate-unknown\)/,
  );
  rewrite(misled, { authority: rogue.certificatePem });
  expect(await complaintOf(misled)).toMatch(/issued by .* not by this console's authority .*certificate-intercepted/);
  rewrite(expired, { certificate: await certificateFor(expired, own, Date.now() - 20 * 24 * 60 * MINUTE) });
  const late = await runRelay(expired);
  await expect
    .poll(() => late.log.join('\n'), { timeout: 15_000 })
    .toMatch(/certificate was renewed.*link to the console is up/s);

  const dial = async () => {
    const { privateKey: key, enrolment } = new IdentityStore(odd.data);
    const link = new TestLink(estate.relayPort, own.certificatePem, { key, certificate: enrolment?.certificate ?? '' });
    return link.opened();
  };
  await expect((await dial()).greet({ protoMin: 99, protoMax: 99 })).rejects.toThrow('protocol-newer');
  const noisy = await dial();
  await noisy.greet();
  noisy.ws.send(new Uint8Array(1024 * 1024 + 1));
  expect(await noisy.next('FAULT')).toMatchObject({ code: 'frame-oversized' });
  for (let i = 0; i < 10; i += 1) noisy.ws.send(randomBytes(100));
  expect(await noisy.ended()).toMatchObject({ reason: expect.stringMatching(/^frame-/) });
  const nobody = new TestLink(estate.relayPort, own.certificatePem, {}).opened();
  await expect(nobody).rejects.toThrow(/alert|ECONNRESET|hang up/i);

  const ahead = { ...systemClock, now: () => systemClock.now() + 10 * MINUTE };
  await runRelay(fast, { clock: ahead, config: { ssh: { unknownHostKey: 'refuse' } } });
  const [unpinned] = await addLab(estate, fast, { devices: lab.devices.slice(0, 1) }, () => 'never seen');
  const status = async () => (await estate.api.devices.show({ id: unpinned ?? '' })).statusReason;
  await expect.poll(status, { timeout: 15_000 }).toBe('host-key-unknown');
  const skewOf = async () => (await estate.api.relays.list()).items.find(({ id }) => id === fast.id)?.clockSkewMs ?? 0;
  await expect.poll(skewOf, { timeout: 10_000 }).toBeGreaterThan(9 * MINUTE);

  expect(eventsOf(estate, 'protocol-newer').join()).toContain('at least, newer than');
  expect(eventsOf(estate, 'clock-skew').join()).toMatch(/the relay's clock is \d+ s ahead/);
  expect(eventsOf(estate, 'frame-malformed').join()).toContain('bad frames, the last: ');
  await expectUndisturbed(place, new Map(ids.map((id, index) => [index, id])));
  const outcomes = await run(estate, runOrder(await targetsOf(estate, ids), 'true'));
  expect(outcomes.map(({ state }) => state)).toEqual(ids.map(() => 'succeeded'));
  await expectSound(place);
});
