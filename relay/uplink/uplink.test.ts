// What arrives at a console in memory that keeps the contract: which batches, in which order, within which bounds.
import { expect, onTestFinished, test } from 'vitest';
import { PROTOCOL, PROTOCOL_MIN } from '#shared/protocol/version.ts';
import { settle } from '#test/fixtures/fake-clock.ts';
import { audit, fact, poll } from '#test/fixtures/spool-kit.ts';
import { eventsAt, makeLink, openedLink } from '#test/fixtures/uplink-kit.ts';

test('it greets with its epoch, lanes and versions, and sends what the spool holds', async () => {
  const { spool, clock, peer, uplink } = makeLink(onTestFinished);
  spool.addRecord(0, audit(clock.now(), 'before'));
  uplink.start();
  await settle();
  expect(peer.hellos).toMatchObject([
    {
      epoch: spool.epoch,
      protoMin: PROTOCOL_MIN,
      protoMax: PROTOCOL,
      rosterVersion: 3,
      charterVersion: 1,
      hostname: 'relay-1',
    },
  ]);
  expect(peer.hellos[0]?.lanes[0]).toEqual({ lane: 0, oldest: 1, next: 2 });
  spool.addRecord(1, audit(clock.now(), 'after'));
  await settle();
  expect(peer.log).toEqual(['0:1', '1:1']);
  expect(spool.stats().lanes.map((lane) => lane.durable)).toEqual([1, 1, 0, 0]);
  expect(peer.broken).toEqual([]);
});

test('samples are live while the link is open, and backlog while it is not', async () => {
  const { spool, clock, peer, uplink } = makeLink(onTestFinished);
  spool.addPoll(poll(1, clock.now(), 1));
  spool.flush();
  uplink.start();
  await settle();
  spool.addPoll(poll(1, clock.now() + 1, 2));
  spool.flush();
  await settle();
  peer.isReachable = false;
  peer.cut();
  spool.addPoll(poll(1, clock.now() + 2, 3));
  spool.flush();
  expect(peer.log).toEqual(['3:1', '2:1']);
  expect(spool.lanes().map((lane) => lane.next)).toEqual([1, 1, 2, 3]);
});

test('outcomes overtake alerts, live samples and backlog', async () => {
  const { spool, clock, peer, uplink } = makeLink(onTestFinished);
  spool.addRecord(3, fact(clock.now(), 10));
  spool.flush();
  spool.setLive(true);
  spool.addPoll(poll(1, clock.now(), 1));
  spool.flush();
  spool.addRecord(1, audit(clock.now(), 'state'));
  spool.addRecord(0, audit(clock.now(), 'outcome'));
  uplink.start();
  await settle();
  expect(peer.log).toEqual(['0:1', '1:1', '2:1', '3:1']);
});

test('after a cut it begins at received + 1, and nothing is sent twice on one connection', async () => {
  const { spool, clock, peer } = await openedLink(onTestFinished);
  peer.acksAtOnce = false;
  for (let i = 0; i < 5; i += 1) spool.addRecord(0, audit(clock.now(), 'x'));
  await settle();
  expect(peer.seqs(0)).toEqual(['1', '2', '3', '4', '5']);
  await clock.advance(5_000);
  expect(peer.seqs(0)).toHaveLength(5);
  // The console loses what it had not stored.
  peer.received[0] = 2;
  peer.durable[0] = 2;
  peer.acksAtOnce = true;
  peer.cut();
  await clock.advance(1_000);
  expect(peer.seqs(0)).toEqual(['1', '2', '3', '4', '5', '3', '4', '5']);
  expect(peer.broken).toEqual([]);
});

test('what was freed is told as a gap before anything else of the lane', async () => {
  const { spool, clock, peer, uplink } = makeLink(onTestFinished);
  for (let i = 0; i < 3; i += 1) spool.addRecord(0, audit(clock.now(), 'x'));
  spool.acknowledge({ lane: 0, received: 2, durable: 2 });
  await clock.advance(25 * 3_600_000);
  uplink.start();
  await settle();
  expect(peer.seqs(0)).toEqual(['1-2 not-kept 2', '3']);
});

test('a console restored from a backup gets the kept batches again, and people are told', async () => {
  const { spool, clock, peer } = await openedLink(onTestFinished);
  for (let i = 0; i < 4; i += 1) spool.addRecord(0, audit(clock.now(), 'x'));
  await settle();
  peer.incarnation = '0191a0a0-0000-7000-8000-00000000c002';
  peer.received = [1, 0, 0, 0];
  peer.durable = [1, 0, 0, 0];
  peer.cut();
  await clock.advance(1_000);
  expect(peer.seqs(0)).toEqual(['1', '2', '3', '4', '2', '3', '4']);
  expect(eventsAt(peer).map((event) => event.code)).toEqual(['conflict']);
});

test('a console that is ahead of the spool makes it begin a new epoch, and nothing is taken for a duplicate', async () => {
  const { spool, clock, peer, uplink } = makeLink(onTestFinished);
  spool.addRecord(0, audit(clock.now(), 'x'));
  const before = spool.epoch;
  peer.received = [7, 0, 0, 0];
  uplink.start();
  await settle();
  expect(spool.epoch).not.toBe(before);
  peer.received = [0, 0, 0, 0];
  peer.log.length = 0;
  await clock.advance(1_000);
  expect(peer.hellos.at(-1)?.epoch).toBe(spool.epoch);
  expect(peer.seqs(0)).toEqual(['1']);
});

test.each([
  [{ batches: 4, bytes: 4e6 }, 4],
  [{ batches: 64, bytes: 4e6 }, 64],
  [{ batches: 64, bytes: 2_500 }, 2],
])('with credits %o, %i outcomes of 1 kB are in flight', async (credits, expected) => {
  const { spool, clock, peer, uplink } = makeLink(onTestFinished);
  peer.credits = credits;
  peer.acksAtOnce = false;
  for (let i = 0; i < 100; i += 1) spool.addRecord(0, audit(clock.now(), 'x'.repeat(900)));
  uplink.start();
  await settle();
  expect(peer.log).toHaveLength(expected);
  peer.ackAll();
  await settle();
  expect(peer.log).toHaveLength(Math.min(100, 2 * expected));
});

test('samples leave an eighth of the credits to outcomes', async () => {
  const { spool, clock, peer, uplink } = makeLink(onTestFinished);
  peer.credits = { batches: 16, bytes: 4e6 };
  peer.acksAtOnce = false;
  for (let i = 0; i < 30; i += 1) {
    spool.addPoll(poll(1, clock.now() + i, i));
    spool.flush();
  }
  uplink.start();
  await settle();
  expect(peer.seqs(3)).toHaveLength(14);
  spool.addRecord(0, audit(clock.now(), 'now'));
  await settle();
  expect(peer.seqs(0)).toEqual(['1']);
});

test('the backlog keeps to the rate of the console, also when an ACK changes it', async () => {
  const { spool, clock, peer, uplink } = makeLink(onTestFinished);
  peer.catchUpPerSecond = 5;
  for (let i = 0; i < 60; i += 1) {
    spool.addPoll(poll(1, clock.now() + i, i));
    spool.flush();
  }
  uplink.start();
  await settle();
  expect(peer.seqs(3)).toHaveLength(5);
  await clock.advance(2_000);
  expect(peer.seqs(3)).toHaveLength(15);
  peer.send('ACK', {
    lanes: [{ lane: 3, received: 15, durable: 15 }],
    pace: { credits: peer.credits, catchUpPerSecond: 1 },
  });
  await clock.advance(5_000);
  expect(peer.seqs(3)).toHaveLength(20);
});

test('a slow socket is not filled: samples stop at 64 KiB, outcomes go on', async () => {
  const { spool, clock, peer } = await openedLink(onTestFinished);
  peer.buffered = 100 * 1024;
  spool.addPoll(poll(1, clock.now(), 1));
  spool.flush();
  spool.addRecord(0, audit(clock.now(), 'x'));
  await settle();
  expect(peer.log).toEqual(['0:1']);
  peer.buffered = 0;
  await clock.advance(40);
  expect(peer.log).toEqual(['0:1', '2:1']);
});

test('samples become backlog when the console falls behind, and live again when it has caught up', async () => {
  const { spool, clock, peer } = await openedLink(onTestFinished);
  peer.acksAtOnce = false;
  for (let i = 0; i < 40; i += 1) {
    spool.addPoll(poll(1, clock.now() + i, i));
    spool.flush();
  }
  await clock.advance(1_000);
  spool.addPoll(poll(1, clock.now(), 41));
  spool.flush();
  expect(spool.lanes().map((lane) => lane.next)).toEqual([1, 1, 41, 2]);
  peer.acksAtOnce = true;
  peer.ackAll();
  await clock.advance(1_000);
  spool.addPoll(poll(1, clock.now(), 42));
  spool.flush();
  expect(spool.lanes()[2]?.next).toBe(42);
});
