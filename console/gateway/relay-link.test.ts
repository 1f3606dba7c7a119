// A link greets, stores, acknowledges, and survives whatever a peer sends.
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { RosterEntry } from '#shared/model/device.ts';
import type { SignedStanding, StandingOrder } from '#shared/model/standing-order.ts';
import { packMsgpack } from '#shared/protocol/msgpack.ts';
import { PROTOCOL } from '#shared/protocol/version.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { settle } from '#test/fixtures/fake-clock.ts';
import { fakeDesk, helloOf, linkHouse, peerNo } from '#test/fixtures/link-pair.ts';
import { SAMPLE_FRAMES } from '#test/fixtures/sample-frames.ts';
import { sampleStanding } from '#test/fixtures/sample-trust.ts';
import { deviceNo, epochNo, recordsBatch } from '#test/fixtures/stream-kit.ts';
import { negotiate } from './hello-check.ts';

const batch = (seq: number) =>
  recordsBatch(1, seq, [{ type: 'state', device: deviceNo(1), at: seq, status: 'up' as const }]);

const garbage = () => new Uint8Array([1, 2, 3]);

test('a HELLO is answered with where the console stands and what it wants', async () => {
  const { connect, desk, clock, registry } = linkHouse();
  const relay = connect();
  await relay.greet();
  expect(relay.socket.of('WELCOME')).toEqual([
    {
      proto: 1,
      incarnation: epochNo(99),
      lanes: [0, 1, 2, 3].map((lane) => ({ lane, received: 0, durable: 0 })),
      credits: { batches: 64, bytes: 4_194_304 },
      catchUpPerSecond: 200,
      serverTime: clock.now(),
    },
  ]);
  expect(registry.relays()).toEqual([peerNo(1).relay]);
  expect(desk.news).toMatchObject([{ relay: peerNo(1).relay, clockSkewMs: 0, hello: { version: '0.1.0' } }]);
  expect(desk.incidents).toEqual([]);
});

test('a connection without a HELLO ends after ten seconds', async () => {
  const { connect, clock } = linkHouse();
  const relay = connect();
  await clock.advance(9_999);
  expect(relay.socket.closed).toBeUndefined();
  await clock.advance(1);
  expect(relay.socket.of('FAULT')).toMatchObject([{ code: 'timed-out' }]);
  expect(relay.socket.closed).toEqual({ code: 4000, reason: 'timed-out' });
  await relay.running;
  expect(clock.sleeping).toBe(0);
});

test('a relay of a later protocol hears both numbers, though its HELLO has members this build does not know', async () => {
  const { connect, clock, desk } = linkHouse();
  const relay = connect();
  const body = { ...helloOf(clock), protoMin: 99, protoMax: 99, colour: 'blue' };
  relay.link.onMessage(packMsgpack({ id: 1, type: 'HELLO', body }));
  await settle();
  expect(relay.socket.of('FAULT')).toMatchObject([{ code: 'protocol-newer' }]);
  expect(relay.socket.of('FAULT')[0]?.message).toContain(`speaks protocol 99 at least, newer than ${PROTOCOL}`);
  expect(relay.socket.of('GOAWAY')).toEqual([{ reason: 'protocol', delayMs: 600_000 }]);
  expect(relay.socket.closed).toEqual({ code: 4000, reason: 'protocol-newer' });
  expect(desk.incidents).toMatchObject([{ code: 'protocol-newer', severity: 'critical' }]);
});

test('a relay that speaks several protocols is answered in the newest both know, an old one is named old', () => {
  expect(negotiate({ protoMin: 1, protoMax: 99 })).toEqual({ ok: true, proto: PROTOCOL });
  const older = negotiate({ protoMin: 0, protoMax: 0 });
  expect(older).toMatchObject({ ok: false, code: 'protocol-older' });
  expect(older.ok || older.message).toContain('speaks protocol 0 at most, older than 1');
});

test.each(['certificate-unknown', 'certificate-revoked'] as const)('%s is said and the link ends', async (code) => {
  const admit = async () => {
    throw new AppError(code, 'not you');
  };
  const { connect, registry } = linkHouse(fakeDesk({ admit }));
  const relay = connect();
  await relay.greet();
  expect(relay.socket.of('FAULT')).toMatchObject([{ code, message: 'not you' }]);
  expect(relay.socket.closed).toEqual({ code: 4000, reason: code });
  expect(registry.size).toBe(0);
});

test('an unknown error of ours is named internal, without its words', async () => {
  const admit = async () => {
    throw new Error('password=hunter2');
  };
  const { connect } = linkHouse(fakeDesk({ admit }));
  const relay = connect();
  await relay.greet();
  expect(relay.socket.of('FAULT')).toEqual([{ code: 'internal', message: 'the console failed to handle a frame' }]);
});

test('acks are cumulative: one for eight batches, one for what fifty milliseconds bring', async () => {
  const { connect, clock } = linkHouse();
  const relay = connect();
  await relay.greet();
  for (let seq = 1; seq <= 11; seq++) relay.send('BATCH', batch(seq));
  await settle();
  expect(relay.socket.of('ACK')).toEqual([{ lanes: [{ lane: 1, received: 8, durable: 8 }] }]);
  await clock.advance(50);
  expect(relay.socket.of('ACK')[1]).toEqual({ lanes: [{ lane: 1, received: 11, durable: 11 }] });
  expect(relay.link.stats).toMatchObject({ state: 'open', proto: 1, badFrames: 0 });
  expect(relay.link.stats.lanes[1]).toEqual({ lane: 1, received: 11, durable: 11, next: 12 });
});

test('a batch that ingest refuses ends the link with the reason', async () => {
  const refuse = async () => {
    throw new AppError('sequence-gap', 'lane 1 stands at 4, 6 came next');
  };
  const { connect } = linkHouse(fakeDesk({ batch: refuse }));
  const relay = connect();
  await relay.greet();
  relay.send('BATCH', batch(6));
  relay.send('BATCH', batch(7));
  await settle();
  expect(relay.socket.of('FAULT')).toMatchObject([{ code: 'sequence-gap' }]);
  expect(relay.socket.closed).toEqual({ code: 4000, reason: 'sequence-gap' });
});

test('roster and charter are sent only when they are newer than what the relay holds', async () => {
  const signed = { charter: '{}', signatures: ['x'] };
  const house = linkHouse(
    fakeDesk({ roster: async () => ({ version: 4, devices: [] }), charter: async () => ({ version: 2, signed }) }),
  );
  const [behind, upToDate] = [house.connect(peerNo(1)), house.connect(peerNo(2))];
  await behind.greet({ rosterVersion: 3, charterVersion: 1 });
  await upToDate.greet({ rosterVersion: 4, charterVersion: 2 });
  expect(behind.socket.of('ROSTER')).toEqual([{ version: 4, devices: [] }]);
  expect(behind.socket.of('CHARTER')).toEqual([{ signed }]);
  expect(upToDate.socket.frames.map((frame) => frame.type)).toEqual(['WELCOME']);
});

test('a freeze follows roster and charter after every handshake, to relays that know it', async () => {
  const signed = { text: '{}', signatures: ['x'] };
  const house = linkHouse(
    fakeDesk({ roster: async () => ({ version: 4, devices: [] }), brakes: async () => [signed, signed] }),
  );
  const [today, older] = [house.connect(peerNo(1)), house.connect(peerNo(2))];
  await today.greet({ protoMax: 3 });
  await older.greet({ protoMax: 2 });
  expect(today.socket.frames.map((frame) => frame.type)).toEqual(['WELCOME', 'ROSTER', 'FREEZE', 'FREEZE']);
  expect(older.socket.frames.map((frame) => frame.type)).toEqual(['WELCOME', 'ROSTER']);
  expect(await older.link.sendBrakes()).toBe(false);
});

const standingOf = (change: Partial<StandingOrder>): SignedStanding => ({
  text: canonicalJson(sampleStanding(change)),
  signatures: ['x'],
});

test('standing orders follow the brake after every handshake, to relays that know them', async () => {
  const signed = { text: '{}', signatures: ['x'] };
  const [named, ruled] = [standingOf({}), standingOf({ targets: [], rule: { text: 'os:debian', atMost: 3 } })];
  const house = linkHouse(fakeDesk({ brakes: async () => [signed], standing: async () => [named, ruled] }));
  const [today, former, older] = [house.connect(peerNo(1)), house.connect(peerNo(3)), house.connect(peerNo(2))];
  await today.greet({ protoMax: 5 });
  await former.greet({ protoMax: 4 });
  await older.greet({ protoMax: 3 });
  expect(today.socket.frames.map((frame) => frame.type)).toEqual(['WELCOME', 'FREEZE', 'STANDING', 'STANDING']);
  // A rule in the place of devices is sent to nobody who would not know it.
  expect(former.socket.frames.map((frame) => frame.type)).toEqual(['WELCOME', 'FREEZE', 'STANDING']);
  expect(former.socket.frames.at(-1)?.body).toEqual({ signed: named });
  expect(older.socket.frames.map((frame) => frame.type)).toEqual(['WELCOME', 'FREEZE']);
  expect(await older.link.sendStanding()).toBe(false);
});

test('watching follows the standing orders, the document before its members, to relays that know it', async () => {
  const signed = { text: '{}', signatures: ['x'] };
  const members = [{ device: deviceNo(1), layers: [] }];
  const house = linkHouse(
    fakeDesk({ standing: async () => [standingOf({})], watch: async () => ({ signed, members }) }),
  );
  const [today, older] = [house.connect(peerNo(1)), house.connect(peerNo(2))];
  await today.greet({ protoMax: 9 });
  await older.greet({ protoMax: 8 });
  expect(today.socket.frames.map((frame) => frame.type)).toEqual(['WELCOME', 'STANDING', 'WATCH', 'WATCH']);
  expect(today.socket.of('WATCH')).toEqual([
    { kind: 'document', signed },
    { kind: 'members', from: 0, total: 1, members },
  ]);
  expect(older.socket.of('WATCH')).toEqual([]);
  expect(await older.link.sendWatch()).toBe(false);
});

test('a document that no frame holds is told to people, and the link lives on', async () => {
  const signed = { text: '\u00fc'.repeat(512 * 1024), signatures: ['\u00fc'.repeat(4_000)] };
  const { connect, desk } = linkHouse(fakeDesk({ watch: async () => ({ signed, members: [] }) }));
  const relay = connect();
  await relay.greet({ protoMax: 9 });
  expect(relay.socket.closed).toBeUndefined();
  expect(desk.incidents).toMatchObject([{ code: 'too-large', severity: 'critical' }]);
});

test('a relay that tells of its vault gets what it has not; one that tells too often is refused', async () => {
  const sealed = { signature: 'a.b.c', boxes: [] };
  const told: unknown[] = [];
  const vault = async ({ relay }: { relay: unknown }, body: unknown) => {
    told.push([relay, body]);
    return { credentials: [sealed], variables: [] };
  };
  const house = linkHouse(fakeDesk({ vault }));
  const [relay, older] = [house.connect(peerNo(1)), house.connect(peerNo(2))];
  await relay.greet({ protoMax: 3 });
  await older.greet({ protoMax: 2 });
  const key = 'A'.repeat(43);
  const body = { sealingKey: { id: key, key }, held: [] };
  relay.send('VAULT', body);
  await settle();
  expect(told).toEqual([[peerNo(1).relay, body]]);
  expect(relay.socket.of('CREDENTIAL')).toEqual([{ sealed }]);
  relay.send('VAULT', body);
  await settle();
  expect(relay.socket.of('FAULT')).toMatchObject([{ code: 'rate-limited' }]);
  expect(older.link.sendCredential(sealed)).toBe(false);
  // A relay of protocol 3 knows no variables.
  expect(relay.link.sendVariable(sealed)).toBe(false);
});

test('a login that a passkey sealed is sent to relays that know such ones, and to no other', async () => {
  const b64u = 'AAAA';
  const by = { authenticatorData: b64u, clientData: b64u, signature: b64u };
  const sealed = { signature: { kind: 'passkey' as const, key: 'A'.repeat(43), ...by }, statement: '{}', boxes: [] };
  const { connect } = linkHouse();
  const [relay, older] = [connect(peerNo(1)), connect(peerNo(2))];
  await relay.greet({ protoMax: 4 });
  await older.greet({ protoMax: 3 });
  expect([relay.link.sendCredential(sealed), older.link.sendCredential(sealed)]).toEqual([true, false]);
  expect(relay.socket.of('CREDENTIAL')).toEqual([{ sealed }]);
  expect(older.socket.of('CREDENTIAL')).toEqual([]);
});

test('five bad frames in a row end the link, a good one between them does not forgive for ever', async () => {
  const { connect, desk } = linkHouse();
  const relay = connect();
  await relay.greet();
  for (let i = 0; i < 4; i++) relay.link.onMessage(garbage());
  relay.send('BATCH', batch(1));
  for (let i = 0; i < 4; i++) relay.link.onMessage(i % 2 === 0 ? garbage() : undefined);
  expect(relay.socket.closed).toBeUndefined();
  relay.link.onMessage(garbage());
  expect(relay.socket.closed).toEqual({ code: 4000, reason: 'frame-malformed' });
  expect(relay.socket.of('FAULT')).toHaveLength(9);
  expect(desk.incidents).toMatchObject([{ code: 'frame-malformed', severity: 'warning' }]);

  const patient = connect(peerNo(2));
  await patient.greet();
  for (let i = 1; i <= 60 && patient.socket.closed === undefined; i++) {
    patient.link.onMessage(garbage());
    patient.send('BATCH', batch(i));
  }
  expect(patient.link.stats.badFrames).toBe(50);
  expect(patient.socket.closed).toEqual({ code: 4000, reason: 'frame-malformed' });
});

test('a frame of the wrong side or state is named and the link lives on', async () => {
  const { connect } = linkHouse();
  const relay = connect();
  relay.send('BATCH', batch(1));
  await relay.greet();
  relay.send('ACK', { lanes: [{ lane: 0, received: 1, durable: 1 }] });
  relay.send('HELLO', helloOf(linkHouse().clock));
  expect(relay.socket.of('FAULT')).toMatchObject([
    { code: 'frame-unexpected', refusedType: 'BATCH' },
    { code: 'frame-unexpected', refusedType: 'ACK' },
    { code: 'frame-unexpected', refusedType: 'HELLO' },
  ]);
  expect(relay.socket.closed).toBeUndefined();
});

test('a flood makes the socket wait, and reading goes on afterwards', async () => {
  const { connect, clock } = linkHouse();
  const relay = connect();
  await relay.greet();
  for (let seq = 1; seq <= 400; seq++) relay.send('BATCH', batch(seq));
  expect(relay.socket.isPaused).toBe(true);
  await clock.advance(1_000);
  expect(relay.socket.isPaused).toBe(false);
  expect(relay.socket.closed).toBeUndefined();
});

test('a clock three minutes off is noted once, with the side it is off to', async () => {
  const { connect, desk, clock } = linkHouse();
  await connect().greet({ wall: clock.now() - 180_000 });
  expect(desk.news[0]?.clockSkewMs).toBe(-180_000);
  expect(desk.incidents).toEqual([
    { code: 'clock-skew', severity: 'warning', detail: "the relay's clock is 180 s behind" },
  ]);
});

test('a clock that is turned while the relay is linked is told within ten seconds', async () => {
  const { connect, desk, clock } = linkHouse();
  const relay = connect();
  await relay.greet();
  relay.send('HEALTH', { ...SAMPLE_FRAMES.HEALTH.body, at: clock.now() + 60_000 });
  expect(desk.incidents).toEqual([]);
  relay.send('HEALTH', { ...SAMPLE_FRAMES.HEALTH.body, at: clock.now() + 180_000 });
  expect(desk.news.at(-1)?.clockSkewMs).toBe(180_000);
  expect(desk.incidents).toMatchObject([{ code: 'clock-skew', detail: "the relay's clock is 180 s ahead" }]);
});

test('a silent peer is pinged and then cut off; an answer keeps it', async () => {
  const { connect, clock, registry } = linkHouse();
  const [silent, alive] = [connect(peerNo(1)), connect(peerNo(2))];
  await silent.greet();
  await alive.greet();
  for (let i = 0; i < 4; i++) {
    await clock.advance(9_000);
    alive.link.onPong();
    await clock.advance(1_000);
  }
  expect(silent.socket.closed).toEqual({ code: 4001, reason: 'silent' });
  expect(registry.relays()).toEqual([peerNo(2).relay]);
  expect(alive.link.stats.rttMs).toBe(9_000);
});

test('renewal answers with a certificate, a refused one keeps the link, and both are rare', async () => {
  let isGood = true;
  const renew = async () => {
    if (!isGood) throw new AppError('signature-invalid', 'no proof');
    return 'PEM';
  };
  const { connect, clock } = linkHouse(fakeDesk({ renew }));
  const relay = connect();
  await relay.greet();
  const request = { kind: 'request', spki: new Uint8Array(44), proof: new Uint8Array(64) } as const;
  relay.send('RENEW', request);
  relay.send('RENEW', request);
  await settle();
  expect(relay.socket.of('RENEW')).toEqual([{ kind: 'answer', certificate: 'PEM' }]);
  expect(relay.socket.of('FAULT')).toMatchObject([{ code: 'rate-limited' }]);
  isGood = false;
  await clock.advance(30_000 - 5_000);
  relay.link.onPong();
  await clock.advance(5_000);
  relay.send('RENEW', request);
  await settle();
  expect(relay.socket.of('FAULT')[1]).toMatchObject({ code: 'signature-invalid', refusedType: 'RENEW' });
  expect(relay.socket.closed).toBeUndefined();
});

test('a relay that does not read is cut off instead of filling memory', async () => {
  const { connect } = linkHouse();
  const relay = connect();
  await relay.greet();
  relay.socket.bufferedBytes = 8 * 1024 * 1024;
  expect(relay.link.send('LIVE', { devices: [], intervalMs: 2_000, forMs: 1_000 })).toBe(false);
  expect(relay.socket.closed).toEqual({ code: 4000, reason: 'timed-out' });
});

test('new limits reach an open link with the marks it knows', async () => {
  const { connect, registry } = linkHouse();
  const relay = connect();
  await relay.greet();
  const pace = { credits: { batches: 8, bytes: 1_000_000 }, catchUpPerSecond: 5 };
  registry.setPace(pace);
  expect(relay.socket.of('ACK')).toEqual([
    { lanes: [0, 1, 2, 3].map((lane) => ({ lane, received: 0, durable: 0 })), pace },
  ]);
});

test('a changed roster that cannot be read ends the link, so that the relay comes back for it, and nothing else', async () => {
  let isBroken = false;
  const roster = async () => {
    if (isBroken) throw new Error('database is locked');
    return { version: 4, devices: [] };
  };
  const { connect } = linkHouse(fakeDesk({ roster }));
  const relay = connect();
  await relay.greet();
  isBroken = true;
  relay.link.offerRoster();
  await settle();
  expect(relay.socket.closed).toEqual({ code: 4000, reason: 'internal' });
});

test('a relay from before Windows gets the devices it can read, and all of them once it is newer', async () => {
  const device = (n: number, more: object) =>
    RosterEntry.parse({
      ...{ device: `01900000-0000-7000-8000-00000000000${n}`, name: `d${n}`, transport: 'ssh', address: '192.0.2.1' },
      ...{ intervalMs: 60_000, ...more },
    });
  const all = [device(1, {}), device(2, { transport: 'winrm' }), device(3, { realm: 'EXAMPLE.TEST' })];
  const { connect } = linkHouse(fakeDesk({ roster: async () => ({ version: 4, devices: all }) }));
  const older = connect();
  await older.greet({ protoMax: 6, rosterVersion: 0 });
  expect(older.socket.of('ROSTER')).toEqual([{ version: 0, devices: [all[0], device(3, {})] }]);
  const newer = connect();
  await newer.greet({ protoMax: 7, rosterVersion: 0 });
  expect(newer.socket.of('ROSTER')).toEqual([{ version: 4, devices: all }]);
});
