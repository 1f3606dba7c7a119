// The relays' port on real TLS sockets: who gets in, who does not, and what bad peers can do to good ones.
import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { AppError } from '#shared/base/errors.ts';
import { newId, RelayId } from '#shared/base/id.ts';
import {
  createAuthority,
  issueRelayCertificate,
  issueServerCertificate,
  loadAuthority,
} from '#shared/crypto/certificate.ts';
import { newRelayKey, spkiOf } from '#shared/crypto/identity-key.ts';
import type { Batch } from '#shared/protocol/batch.ts';
import { encodeFrame } from '#shared/protocol/wire-codec.ts';
import {
  BOOT,
  type ConsoleKit,
  consoleKit,
  enrolRelay,
  listen,
  TestLink,
  type TestRelay,
} from '#test/fixtures/console-kit.ts';
import { deviceNo, recordsBatch } from '#test/fixtures/stream-kit.ts';

const batch = (seq: number): Batch =>
  recordsBatch(1, seq, [{ type: 'state', device: deviceNo(1), at: seq, status: 'up' }]);

async function connected(kit: ConsoleKit, port: number, relay: TestRelay): Promise<TestLink> {
  const link = await new TestLink(port, kit.authority.certificatePem, relay).opened();
  await link.greet();
  return link;
}

const refusal = (port: number, kit: ConsoleKit, relay: Partial<TestRelay>, protocol?: string): Promise<string> =>
  new TestLink(port, kit.authority.certificatePem, relay, protocol).opened().then(
    async (link) => `opened, then ${(await link.ended()).code}`,
    (error: unknown) => String(error instanceof Error ? error.message : error),
  );

test('an enrolled relay is welcomed, its batches are acknowledged, and it is known as alive', async () => {
  const kit = await consoleKit();
  const { port, server } = await listen(kit);
  const relay = await enrolRelay(kit, 'fra-1');
  const link = await connected(kit, port, relay);
  for (let seq = 1; seq <= 20; seq++) link.send('BATCH', batch(seq));
  await link.next('ACK', ({ lanes }) => lanes.some((mark) => mark.lane === 1 && mark.durable === 20));
  expect(server.stats()).toEqual({ connections: 1, connected: 1, refusedHandshakes: 0 });
  await kit.desk.flushNews(kit.registry.relays());
  const [row] = await kit.store.db.selectFrom('relay').select(['last_seen_at', 'version', 'clock_skew_ms']).execute();
  expect(row?.version).toBe('0.1.0');
  expect(Math.abs(row?.clock_skew_ms ?? 1e9)).toBeLessThan(5_000);
  expect(row?.last_seen_at).toBeGreaterThan(0);
  const again = await connected(kit, port, relay);
  expect((await again.next('WELCOME')).lanes).toContainEqual({ lane: 1, received: 20, durable: 20 });
});

test('strangers are refused in the TLS handshake: no certificate, another authority, an expired one, a wrong purpose', async () => {
  const kit = await consoleKit();
  const { port, server } = await listen(kit);
  const { authority, site, clock } = kit;
  const rogue = await loadAuthority(await createAuthority(clock.now()));
  const key = newRelayKey();
  const request = { relay: RelayId.parse(newId(clock.now())), site: site.id, spki: spkiOf(key), now: clock.now() };
  const wrongUse = await issueServerCertificate(authority, { names: ['x'], ips: [], now: clock.now() });
  const strangers: Array<Partial<TestRelay>> = [
    {},
    { key, certificate: await issueRelayCertificate(rogue, request) },
    await enrolRelay(kit, 'late', -3),
    { key: wrongUse.privateKey, certificate: wrongUse.certificate },
  ];
  for (const stranger of strangers)
    expect(await refusal(port, kit, stranger)).toMatch(/alert|ECONNRESET|socket hang up/i);
  expect(server.stats()).toMatchObject({ connections: 0, refusedHandshakes: 4 });
});

test('a certificate of ours for a relay nobody enrolled is refused by name', async () => {
  const kit = await consoleKit();
  const { port } = await listen(kit);
  const key = newRelayKey();
  const { authority, site, clock } = kit;
  const id = RelayId.parse(newId(clock.now()));
  const certificate = await issueRelayCertificate(authority, {
    relay: id,
    site: site.id,
    spki: spkiOf(key),
    now: clock.now(),
  });
  const link = await new TestLink(port, authority.certificatePem, { id, key, certificate }).opened();
  await expect(link.greet()).rejects.toThrow('closed: 4000 certificate-unknown');
  expect(link.frames.map((frame) => frame.body)).toMatchObject([{ code: 'certificate-unknown' }]);
});

test('a client that does not speak our subprotocol is no relay', async () => {
  const kit = await consoleKit();
  const { port } = await listen(kit);
  expect(await refusal(port, kit, await enrolRelay(kit, 'odd'), 'chat')).toContain('400');
});

test('a revocation cuts the live link at once, and the next attempt is refused', async () => {
  const kit = await consoleKit();
  const { port } = await listen(kit);
  const [bad, good] = [await enrolRelay(kit, 'stolen'), await enrolRelay(kit, 'good')];
  const link = await connected(kit, port, bad);
  const other = await connected(kit, port, good);
  const begin = performance.now();
  await kit.relays.revoke(BOOT, bad.id);
  expect(await link.ended()).toEqual({ code: 4000, reason: 'certificate-revoked' });
  expect(performance.now() - begin).toBeLessThan(5_000);
  const next = await new TestLink(port, kit.authority.certificatePem, bad).opened();
  await expect(next.greet()).rejects.toThrow('certificate-revoked');
  other.send('BATCH', batch(1));
  await other.next('ACK');
});

test('two machines with one identity are both cut off and stay out; released, one gets in', async () => {
  const kit = await consoleKit();
  const { port } = await listen(kit);
  const [copied, good] = [await enrolRelay(kit, 'copied'), await enrolRelay(kit, 'good')];
  const other = await connected(kit, port, good);
  const first = await connected(kit, port, copied);
  const second = await new TestLink(port, kit.authority.certificatePem, copied).opened();
  await second.greet({ mono: performance.now() + 1e9 });
  for (const link of [first, second]) expect(await link.ended()).toEqual({ code: 4000, reason: 'identity-changed' });
  expect(await refusal(port, kit, copied)).toContain('403');
  expect(kit.registry.release(copied.id)).toBe(true);
  await connected(kit, port, copied);
  other.send('BATCH', batch(1));
  await other.next('ACK');
});

test('an oversized frame is named, one far beyond any frame ends the connection, and others live on', async () => {
  const kit = await consoleKit();
  const { port } = await listen(kit);
  const link = await connected(kit, port, await enrolRelay(kit, 'big'));
  const other = await connected(kit, port, await enrolRelay(kit, 'good'));
  link.ws.send(new Uint8Array(1024 * 1024 + 1));
  expect(await link.next('FAULT')).toMatchObject({ code: 'frame-oversized' });
  link.ws.send(new Uint8Array(3 * 1024 * 1024));
  expect((await link.ended()).code).toBe(1009);
  other.send('BATCH', batch(1));
  await other.next('ACK');
});

/** What a hostile peer sends: noise, halves of frames, frames of others, bodies of the wrong shape. */
function badFrame(i: number): Uint8Array | string {
  const whole = encodeFrame({ id: 1, type: 'BATCH', body: batch(1) });
  const ways = [
    () => randomBytes(1 + (i % 300)),
    () => whole.slice(0, i % whole.length),
    () => encodeFrame({ id: 1, type: 'ACK', body: { lanes: [{ lane: 0, received: 1, durable: 1 }] } }),
    () => 'text',
    () => Buffer.concat([whole, randomBytes(3)]),
    () => new Uint8Array(0),
  ];
  return (ways[i % ways.length] ?? ways[0])?.() ?? '';
}

test('20,000 bad frames end in refusals by name, while another relay keeps being acknowledged', async () => {
  const kit = await consoleKit();
  const { port, server } = await listen(kit);
  const [bad, good] = [await enrolRelay(kit, 'bad'), await enrolRelay(kit, 'good')];
  const victim = await connected(kit, port, good);
  let sent = 0;
  let slowestMs = 0;
  const stop = new AbortController();
  const acked = (async () => {
    for (let seq = 1; !stop.signal.aborted; seq++) {
      const begin = performance.now();
      victim.send('BATCH', batch(seq));
      await victim.next('ACK', ({ lanes }) => lanes.some((mark) => mark.durable >= seq));
      victim.frames.length = 0;
      slowestMs = Math.max(slowestMs, performance.now() - begin);
    }
  })();
  const reasons = new Set<string>();
  while (sent < 20_000) {
    const link = await new TestLink(port, kit.authority.certificatePem, bad).opened();
    await link.greet();
    for (let i = 0; i < 500 && sent < 20_000; i++, sent++) link.ws.send(badFrame(sent));
    reasons.add((await link.ended()).reason);
  }
  stop.abort();
  await acked;
  expect([...reasons].every((reason) => reason.startsWith('frame-'))).toBe(true);
  // 50 ms of coalescing, a commit, and whatever this machine's other work takes.
  expect(slowestMs).toBeLessThan(1_500);
  expect(server.stats().connected).toBe(1);
  const { count } = await kit.store.db
    .selectFrom('event')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  // One event per relay and code, not one per frame.
  expect(Number(count)).toBeLessThan(10);
});

test('a stop sends relays away with a delay, and frees the port', async () => {
  const kit = await consoleKit();
  const { port, server } = await listen(kit);
  const link = await connected(kit, port, await enrolRelay(kit, 'fra-1'));
  await server.stop();
  const goAway = await link.next('GOAWAY').catch((error: unknown) => error);
  expect(goAway).not.toBeInstanceOf(AppError);
  expect(goAway).toMatchObject({ reason: 'restart' });
  await link.ended();
  expect(await refusal(port, kit, await enrolRelay(kit, 'next'))).toContain('ECONNREFUSED');
});

test('one relay cannot take the places of the others: beyond eight connections it waits outside', async () => {
  const kit = await consoleKit();
  const { port, server } = await listen(kit);
  const relay = await enrolRelay(kit, 'greedy');
  for (let n = 0; n < 8; n += 1) await new TestLink(port, kit.authority.certificatePem, relay).opened();
  expect(await refusal(port, kit, relay)).toContain('429');
  expect(server.stats().connections).toBe(8);
  await connected(kit, port, await enrolRelay(kit, 'other'));
});
