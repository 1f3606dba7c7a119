// A relay's real spool and link against a console's real port, ingest and database, over TLS on loopback.
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { DurableSpool } from '#relay/spool/durable-spool.ts';
import { dialConsole } from '#relay/uplink/dial-console.ts';
import { Uplink } from '#relay/uplink/uplink.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeltaDecoder } from '#shared/codec/delta-decoder.ts';
import { CONSOLE_TLS_NAME } from '#shared/crypto/peer-certificate.ts';
import { LANES } from '#shared/protocol/lane.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { type ConsoleKit, consoleKit, enrolRelay, listen, type TestRelay } from '#test/fixtures/console-kit.ts';
import { audit, countersOf, deviceId, fact, makeSpoolKit, poll, readAll } from '#test/fixtures/spool-kit.ts';

interface House {
  kit: ConsoleKit;
  port: number;
  relay: TestRelay;
}

async function house(): Promise<House> {
  const kit = await consoleKit();
  const { port } = await listen(kit);
  return { kit, port, relay: await enrolRelay(kit, 'fra-1') };
}

function uplinkOf({ kit, port, relay }: House, spool: DurableSpool): Uplink {
  const uplink = new Uplink({
    clock: systemClock,
    random: Math.random,
    spool,
    dial: dialConsole({
      url: () => `wss://127.0.0.1:${port}/`,
      tls: () => ({
        key: relay.key,
        cert: relay.certificate,
        ca: kit.authority.certificatePem,
        checkServerIdentity: (_host, certificate) => tls.checkServerIdentity(CONSOLE_TLS_NAME, certificate),
      }),
      env: {},
    }),
    facts: () => ({ version: '0.1.0', hostname: 'fra-1', rosterVersion: 0, charterVersion: 0 }),
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
  onTestFinished(() => uplink.stop());
  uplink.start();
  return uplink;
}

/** Peers in real time: asked every 20 ms, for at most 20 s. */
async function drained(uplink: Uplink): Promise<void> {
  const isDrained = () => uplink.isConnected && Object.values(uplink.stats().lag).every((lag) => lag === 0);
  for (let i = 0; i < 1_000 && !isDrained(); i += 1) await systemClock.sleep(20);
  expect({ lag: uplink.stats().lag, lastEnd: uplink.stats().lastEnd }).toMatchObject({
    lag: { 0: 0, 1: 0, 2: 0, 3: 0 },
  });
}

/** The counters the console has stored, decoded from its frames lane by lane and hour by hour, in the order of their numbers. */
async function storedCounters({ store }: ConsoleKit): Promise<number[]> {
  const rows = await store.db
    .selectFrom('metric_frame')
    .select(['lane', 'hour', 'data'])
    .orderBy('lane')
    .orderBy('hour')
    .orderBy('seq')
    .execute();
  const decoders = new Map<string, DeltaDecoder>();
  return rows.flatMap(({ lane, hour, data }) => {
    const decoder = decoders.get(`${lane}:${hour}`) ?? new DeltaDecoder(hour);
    decoders.set(`${lane}:${hour}`, decoder);
    return decoder.decode(data).map((record) => record.values[1] ?? -1);
  });
}

const inOrder = (values: number[]): number[] => values.toSorted((a, b) => a - b);
const numbersTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);

function fill(spool: DurableSpool, from: number, to: number): void {
  const now = systemClock.now();
  for (let n = from; n <= to; n += 1) {
    spool.addPoll(poll(n % 5, now - 60_000 + n, n));
    if (n % 10 === 0) spool.flush();
    if (n % 15 === 0) spool.addRecord(0, audit(now, `${n}`));
    if (n % 40 === 0) spool.addRecord(3, { ...fact(now, 100), device: deviceId(n % 5) });
  }
  spool.flush();
}

test('what was kept before and after kills of the relay is stored once, whatever lane it took', async () => {
  const place = await house();
  const kit = makeSpoolKit(onTestFinished);
  let { spool } = kit;
  let uplink = uplinkOf(place, spool);
  for (let round = 0; round < 5; round += 1) {
    fill(spool, round * 200 + 1, round * 200 + 200);
    // Killed while batches are on their way; the first rounds also before the link is up.
    await systemClock.sleep(round * 15);
    const revived = kit.afterKill(spool);
    await uplink.stop();
    spool = revived;
    uplink = uplinkOf(place, spool);
  }
  await drained(uplink);
  expect(inOrder(await storedCounters(place.kit))).toEqual(numbersTo(1_000));
  const marks = await place.kit.store.db.selectFrom('watermark').select(['lane', 'received', 'durable']).execute();
  for (const { lane, next } of spool.lanes()) {
    const mark = marks.find((one) => one.lane === lane) ?? { received: 0, durable: 0 };
    expect(mark.received).toBe(next - 1);
    // Outcomes and alerts are durable at once, samples when their hour is sealed.
    if (lane < 2) expect(mark.durable).toBe(next - 1);
  }
  expect(await place.kit.store.db.selectFrom('gap').select('n').execute()).toEqual([]);
});

test('damage at the relay is a counted gap at the console, and what follows is read', async () => {
  const place = await house();
  const { spool } = makeSpoolKit(onTestFinished);
  fill(spool, 1, 100);
  const id = 3 * 2 ** 48 + 4;
  spool.database.prepare('update batch set crc = crc + 1 where id = ?').run(id);
  const uplink = uplinkOf(place, spool);
  await drained(uplink);
  fill(spool, 101, 200);
  await drained(uplink);
  const gaps = await place.kit.store.db.selectFrom('gap').select(['lane', 'n', 'reason']).execute();
  expect(new Set(gaps.map((gap) => gap.reason))).toEqual(new Set(['corrupt']));
  const stored = inOrder(await storedCounters(place.kit));
  expect(stored.length * 3 + gaps.reduce((n, gap) => n + gap.n, 0)).toBe(600);
  expect(stored.slice(-100)).toEqual(numbersTo(200).slice(100));
  expect(countersOf(LANES.flatMap((lane) => readAll(spool, lane))).length).toBe(stored.length);
});

test('a console that lost its newest state gets it again, and stores nothing twice', async () => {
  const place = await house();
  const { spool } = makeSpoolKit(onTestFinished);
  const uplink = uplinkOf(place, spool);
  fill(spool, 1, 200);
  await drained(uplink);
  await uplink.stop();
  // As a backup of an hour ago would be: half the frames gone, the watermarks where they were then.
  const { db } = place.kit.store;
  for (const lane of LANES) {
    const next = spool.lanes()[lane]?.next ?? 1;
    const frames = await db.selectFrom('metric_frame').select('seq').where('lane', '=', lane).orderBy('seq').execute();
    // Between two frames, which may be bundles of several batches.
    const half = frames[Math.floor(frames.length / 2) - 1]?.seq ?? (frames.length > 0 ? 0 : Math.floor((next - 1) / 2));
    await db.deleteFrom('metric_frame').where('lane', '=', lane).where('seq', '>', half).execute();
    await db.updateTable('watermark').set({ received: half, durable: half }).where('lane', '=', lane).execute();
    // A restored console has restarted: it remembers no open chain.
    place.kit.chains.forget({ relay: place.relay.id, epoch: spool.epoch, lane });
  }
  const again = uplinkOf(place, spool);
  await drained(again);
  expect(inOrder(await storedCounters(place.kit))).toEqual(numbersTo(200));
});
