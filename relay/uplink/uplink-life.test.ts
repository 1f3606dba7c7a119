// How connections begin and end: silence, stalls, rubbish, GOAWAY, reconnects and stop.
import { expect, onTestFinished, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { PROTOCOL, PROTOCOL_MIN } from '#shared/protocol/version.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { settle } from '#test/fixtures/fake-clock.ts';
import { sampleManifestId } from '#test/fixtures/sample-trust.ts';
import { audit, makeSpoolKit } from '#test/fixtures/spool-kit.ts';
import { eventsAt, makeLink, openedLink } from '#test/fixtures/uplink-kit.ts';
import { Uplink } from './uplink.ts';

test('a silent console is given up after 25 s, one that acknowledges nothing after 15 s', async () => {
  const silent = await openedLink(onTestFinished);
  silent.peer.blackHole();
  await silent.clock.advance(25_000);
  expect(silent.uplink.isConnected).toBe(true);
  await silent.clock.advance(3_000);
  expect(silent.peer.connections).toBe(2);

  const stalled = await openedLink(onTestFinished);
  stalled.peer.acksAtOnce = false;
  stalled.spool.addRecord(0, audit(stalled.clock.now(), 'x'));
  await stalled.clock.advance(15_000);
  expect(stalled.peer.connections).toBe(1);
  await stalled.clock.advance(3_000);
  expect(stalled.peer.connections).toBe(2);
});

test('an idle link lives on answered pings', async () => {
  const { peer, clock, uplink } = await openedLink(onTestFinished);
  await clock.advance(600_000);
  expect(peer.connections).toBe(1);
  expect(uplink.isConnected).toBe(true);
});

test('a console that never says WELCOME is left after 10 s', async () => {
  const { peer, clock, uplink } = makeLink(onTestFinished);
  peer.answersHello = false;
  uplink.start();
  await clock.advance(12_000);
  expect(peer.connections).toBe(2);
  expect(uplink.isConnected).toBe(false);
});

test('GOAWAY is honoured with its delay', async () => {
  const { peer, clock } = await openedLink(onTestFinished);
  peer.send('GOAWAY', { reason: 'restart', delayMs: 30_000 });
  await clock.advance(29_000);
  expect(peer.connections).toBe(1);
  await clock.advance(3_000);
  expect(peer.connections).toBe(2);
});

test('a refusal before the welcome keeps its words, and the delay of a GOAWAY that follows it', async () => {
  const { peer, clock, uplink } = makeLink(onTestFinished);
  peer.answersHello = false;
  uplink.start();
  await settle();
  peer.send('FAULT', { code: 'certificate-revoked', message: 'relay fra-1 is revoked' });
  peer.cut();
  await settle();
  expect(uplink.stats().lastEnd).toBe('refused: relay fra-1 is revoked (certificate-revoked)');
  await clock.advance(1_000);
  peer.send('FAULT', { code: 'protocol-older', message: 'update the relay' });
  peer.send('GOAWAY', { reason: 'protocol', delayMs: 600_000 });
  peer.cut();
  await clock.advance(599_000);
  expect(peer.connections).toBe(2);
  await clock.advance(2_000);
  expect(peer.connections).toBe(3);
});

test('a relay that cannot say who it is right now tries again, and does not crash', async () => {
  const { peer, clock, uplink, spool } = makeLink(onTestFinished);
  const broken = new Error('the charter could not be read');
  const lanes = spool.lanes.bind(spool);
  spool.lanes = () => {
    throw broken;
  };
  uplink.start();
  await clock.advance(2_000);
  spool.lanes = lanes;
  expect(uplink.stats().lastEnd).toBe('closed: the charter could not be read');
  await clock.advance(10_000);
  expect(uplink.isConnected).toBe(true);
  expect(peer.connections).toBeGreaterThan(1);
});

test('reconnects back off to a minute, and begin anew after a link that held', async () => {
  const { peer, clock, uplink } = makeLink(onTestFinished);
  peer.isReachable = false;
  uplink.start();
  await clock.advance(200_000);
  const waits = peer.dials.slice(1).map((at, i) => at - (peer.dials[i] ?? 0));
  expect(waits).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000, 30_000, 30_000]);
  expect(uplink.stats().lastEnd).toContain('ECONNREFUSED');
  peer.isReachable = true;
  await clock.advance(60_000);
  expect(uplink.isConnected).toBe(true);
  peer.cut();
  await clock.advance(300);
  expect(uplink.isConnected).toBe(true);
});

test('a console that welcomes and drops at once is not asked twice a second', async () => {
  const { peer, clock, uplink } = makeLink(onTestFinished);
  uplink.start();
  for (let i = 0; i < 100; i += 1) {
    peer.cut();
    await clock.advance(1_000);
  }
  expect(peer.connections).toBeLessThan(12);
});

test('a protocol we do not speak ends the attempt with both numbers', async () => {
  const { peer, uplink } = makeLink(onTestFinished);
  peer.proto = PROTOCOL + 1;
  uplink.start();
  await settle();
  expect(uplink.stats().lastEnd).toBe(
    `refused: the console speaks protocol ${PROTOCOL + 1}, this relay ${PROTOCOL_MIN}..${PROTOCOL} (protocol-newer)`,
  );
});

test('a clock two minutes off is told once, not at each connection', async () => {
  const { peer, clock, uplink } = makeLink(onTestFinished);
  peer.skewMs = 130_000;
  uplink.start();
  await settle();
  peer.cut();
  await clock.advance(1_000);
  expect(uplink.stats().skewMs).toBe(130_000);
  expect(eventsAt(peer).map((event) => [event.code, event.detail])).toEqual([
    ['clock-skew', "this relay's clock is 130 s behind the console's"],
  ]);
});

test('a clock that is turned while linked is told with the next order, before it is handed on', async () => {
  const { peer, clock, uplink, calls } = await openedLink(onTestFinished);
  clock.jump(100_000);
  peer.send('COMMAND', { kind: 'cancel', manifest: sampleManifestId(1) });
  await settle();
  expect(eventsAt(peer)).toEqual([]);
  clock.jump(80_000);
  peer.send('COMMAND', { kind: 'cancel', manifest: sampleManifestId(2) });
  await clock.advance(1_000);
  expect(uplink.stats().skewMs).toBe(-180_000);
  expect(eventsAt(peer).map((event) => [event.code, event.detail])).toEqual([
    ['clock-skew', "this relay's clock is 180 s ahead of the console's"],
  ]);
  expect(calls.filter((call) => call.startsWith('command'))).toHaveLength(2);
});

test('rubbish is refused with a FAULT each time, and the connection ends at the eighth; the relay lives on', async () => {
  const { peer, clock, uplink } = await openedLink(onTestFinished);
  for (let i = 0; i < 7; i += 1) peer.sendBytes(new Uint8Array([0xc1, i]));
  await settle();
  expect(peer.frames.filter((frame) => frame.type === 'FAULT')).toHaveLength(7);
  expect(uplink.isConnected).toBe(true);
  peer.sendBytes(new Uint8Array(0));
  await clock.advance(2_000);
  expect(peer.connections).toBe(2);
  expect(uplink.stats().badFrames).toBe(8);
});

test.each([
  ['beyond what was sent', { lane: 0 as const, received: 5, durable: 0 }],
  ['durable above received', { lane: 0 as const, received: 0, durable: 1 }],
])('an ACK %s is refused and frees nothing', async (_name, mark) => {
  const { peer, spool, clock } = await openedLink(onTestFinished);
  peer.acksAtOnce = false;
  spool.addRecord(0, audit(clock.now(), 'x'));
  await settle();
  peer.send('ACK', { lanes: [mark] });
  await settle();
  expect(peer.frames.filter((frame) => frame.type === 'FAULT')).toMatchObject([{ body: { code: 'sequence-gap' } }]);
  expect(spool.stats().lanes[0]).toMatchObject({ received: 0, durable: 0 });
});

test('messages reach their rooms in order, and a room that throws does not end the link', async () => {
  const { peer, uplink, calls } = await openedLink(onTestFinished);
  peer.send('ROSTER', { version: 4, devices: [] });
  peer.send('LIVE', { devices: [], intervalMs: 5_000, forMs: 60_000 });
  peer.send('RENEW', { kind: 'answer', certificate: 'PEM' });
  await settle();
  expect(calls.map((call) => call.split(' ')[0])).toEqual(['roster', 'live', 'renewed']);
  expect(uplink.isConnected).toBe(true);
});

test('a fresh epoch of a replaced file is greeted anew', async () => {
  const { peer, spool, clock } = await openedLink(onTestFinished);
  spool.renewEpoch();
  await clock.advance(1_000);
  expect(peer.connections).toBe(2);
  expect(peer.hellos.at(-1)?.epoch).toBe(spool.epoch);
});

test('stop says goodbye, leaves nothing waiting and is done within 2 s', async () => {
  const { peer, clock, uplink, spool } = await openedLink(onTestFinished);
  const before = clock.monotonic();
  const stopped = uplink.stop();
  await settle();
  await stopped;
  expect(clock.monotonic() - before).toBeLessThan(2_000);
  expect(peer.ended).toEqual(['restart']);
  expect(uplink.stats().phase).toBe('stopped');
  await spool.stop();
  expect(clock.sleeping).toBe(0);
});

test('a dial that never ends is given up after 20 s, and stop does not wait for it', async () => {
  const { spool, clock } = makeSpoolKit(onTestFinished);
  const uplink = new Uplink({
    clock,
    random: () => 0.5,
    spool,
    dial: (_handlers, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new AppError('unavailable', 'given up')));
      }),
    facts: () => ({ version: '0.1.0', hostname: 'relay-1', rosterVersion: 0, charterVersion: 0 }),
    callbacks: {
      onRoster: () => undefined,
      onCharter: () => undefined,
      onCommand: () => undefined,
      onLive: () => undefined,
      onProbe: () => undefined,
      onFreeze: () => undefined,
      onCredential: () => undefined,
      onStanding: () => undefined,
      onWatch: () => undefined,
      onCheckpoint: () => undefined,
      onHistory: () => undefined,
      onRenewAnswer: () => undefined,
    },
    log: silentLogger,
  });
  uplink.start();
  await clock.advance(19_000);
  expect(uplink.stats().phase).toBe('connecting');
  await clock.advance(2_000);
  expect(uplink.stats().lastEnd).toContain('given up');
  expect(uplink.stats().phase).toBe('connecting');
  await uplink.stop();
});
