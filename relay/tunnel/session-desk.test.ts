// What a relay lets a console do to its sessions: carry them, end them, and nothing else.
import { expect, test } from 'vitest';
import type { Session } from '#relay/transport/transport.ts';
import { systemClock } from '#shared/base/clock.ts';
import { DeviceId, ManifestId, newId, RelayId, SiteId } from '#shared/base/id.ts';
import { fail, succeed } from '#shared/base/outcome.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import type { AuditRecord } from '#shared/model/record.ts';
import type { Stream } from '#shared/protocol/stream.ts';
import { silentLogger } from '#shared/runtime/logger.ts';
import { attachClient, newSessionKey, type SessionChannel } from '#shared/seal/session-channel.ts';
import { generateOpeningKey } from '#shared/seal/vault-box.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { DETACHED_MS } from './live-session.ts';
import { MAX_SESSIONS, SessionDesk } from './session-desk.ts';
import type { SessionEnd, SessionResult } from './session-end.ts';

/** Sealing takes some turns of the event loop. */
const SOON = { interval: 1 };
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytes = (said: string) => new TextEncoder().encode(said);

/** Takes what a session is told, and ends when it is told. */
class Echo implements SessionEnd {
  readonly got: string[] = [];
  readonly over: Promise<SessionResult>;
  finish: (result: SessionResult) => void = () => undefined;

  constructor() {
    this.over = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  async attached(): Promise<void> {
    this.got.push('attached');
  }

  async received(plain: Uint8Array): Promise<void> {
    this.got.push(text(plain));
  }

  detached(): void {
    this.got.push('detached');
  }

  async close(why: string): Promise<void> {
    this.finish({ detail: why });
  }
}

const device = DeviceId.parse(newId(4));
const entry = { device, name: 'web-1', transport: 'ssh', address: '10.0.0.5', intervalMs: 1 } as const;

async function rig(clock = new FakeClock()) {
  const { key: own } = await generateOpeningKey();
  const sent: Stream[] = [];
  const audit: AuditRecord[] = [];
  const ends: Echo[] = [];
  /** What the opening of a session waits for. */
  const gate = { open: Promise.resolve(true) };
  const desk = new SessionDesk({
    ...{
      clock,
      own,
      log: silentLogger,
      charter: () => ({}) as Charter,
      onAudit: (row: AuditRecord) => audit.push(row),
    },
    link: () => ({ hasStreamRoom: true, tell: ({ body }) => sent.push(body) > 0 }),
    kinds: {
      files: {
        open: async () => {
          if (!(await gate.open)) return fail('refused', 'no such folder');
          const end = new Echo();
          ends.push(end);
          return succeed(end);
        },
      },
    },
  });
  const order = async (signal = new AbortController().signal) => {
    const client = await newSessionKey();
    const id = ManifestId.parse(newId(systemClock.now()));
    const args = { kind: 'files' as const, key: client.publicKey, idleMs: 3_600_000, maxBytes: 1_024 };
    const manifest = {
      ...{ v: 1, id, site: SiteId.parse(newId(2)), relay: RelayId.parse(newId(3)), targets: [], reason: '' },
      ...{ action: { name: 'session.open', arguments: args }, nbf: 0, exp: 1, charterVersion: 1 },
      caps: { timeoutMs: 7_200_000, outputBytes: 0, concurrency: 1 },
    } satisfies Manifest;
    const device = {} as Session; // no kind of this test asks it anything
    return { id, client, over: desk.run({ manifest, args, entry, device }, signal) };
  };
  const begin = async (signal?: AbortSignal) => {
    const { id, client, over } = await order(signal);
    await expect.poll(() => desk.size, SOON).toBeGreaterThan(0);
    const end = ends.at(-1);
    if (end === undefined) throw new Error('nothing was opened');
    return { id, client, over, end };
  };
  /** As the console leads a client to it. */
  const attach = async (stream: number, { id, client }: Pick<Awaited<ReturnType<typeof begin>>, 'id' | 'client'>) => {
    const before = sent.length;
    desk.take({ kind: 'open', stream, session: id });
    await expect.poll(() => sent.length, SOON).toBeGreaterThan(before);
    const [hello] = sent.slice(before).filter((one) => one.kind === 'data' && one.stream === stream);
    if (hello?.kind !== 'data') throw new Error('no hello');
    return attachClient({ session: id, own: client, relay: own.publicKey, hello: hello.data });
  };
  const say = async (stream: number, channel: SessionChannel, said: string) =>
    desk.take({ kind: 'data', stream, data: await channel.seal(bytes(said)) });
  return { desk, clock, sent, audit, gate, order, begin, attach, say };
}

test('a client that proves its key is attached, heard, and may leave and come back', async () => {
  const { desk, begin, attach, say, audit } = await rig();
  const session = await begin();
  const first = await attach(1, session);
  await say(1, first, 'begin');
  await say(1, first, 'ls');
  await expect.poll(() => session.end.got, SOON).toEqual(['attached', 'ls']);
  desk.take({ kind: 'close', stream: 1, reason: 'left' });
  await say(2, await attach(2, session), 'begin');
  await expect.poll(() => session.end.got, SOON).toEqual(['attached', 'ls', 'detached', 'attached']);
  session.end.finish({ detail: 'done' });
  expect(await session.over).toMatchObject({
    ok: true,
    value: { detail: expect.stringMatching(/^done; .*attached 2 times/) },
  });
  expect(audit.map(({ verb }) => verb)).toEqual(['session.open', 'session.close']);
});

test('a client that comes while its session is opening hears the hello once it stands, or that there is none', async () => {
  const { desk, gate, order, sent } = await rig();
  let resolve = (_opens: boolean) => {};
  gate.open = new Promise((done) => {
    resolve = done;
  });
  const { id, over } = await order();
  for (const stream of [1, 2, 3]) desk.take({ kind: 'open', stream, session: id });
  desk.take({ kind: 'close', stream: 2, reason: 'left' });
  expect(sent).toEqual([]);
  resolve(false);
  expect(await over).toMatchObject({ ok: false });
  expect(sent).toEqual([1, 3].map((stream) => ({ kind: 'close', stream, reason: 'unknown' })));
  sent.length = 0;
  gate.open = new Promise((open) => setImmediate(() => open(true)));
  const second = await order();
  // The fifth is one too many.
  for (const stream of [4, 5, 6, 7, 8]) desk.take({ kind: 'open', stream, session: second.id });
  expect(sent).toEqual([{ kind: 'close', stream: 8, reason: 'unknown' }]);
  await expect.poll(() => sent.filter(({ kind }) => kind === 'data').map(({ stream }) => stream), SOON).toContain(7);
});

test('a console types into twenty open sessions: not a byte is taken, and who is attached stays', async () => {
  const { desk, begin, attach, say, sent } = await rig();
  for (let count = 0; count < 20; count += 1) {
    const session = await begin();
    const honest = 2 * count + 1;
    const thief = honest + 1;
    const channel = await attach(honest, session);
    await say(honest, channel, 'begin');
    await expect.poll(() => session.end.got, SOON).toEqual(['attached']);
    // A client of its own making, with a key that no order names.
    await attach(thief, { ...session, client: await newSessionKey() });
    desk.take({ kind: 'data', stream: thief, data: bytes('\u0000rm -rf /\n and more to be longer than a tag') });
    await expect.poll(() => sent.at(-1), SOON).toEqual({ kind: 'close', stream: thief, reason: 'forged' });
    await say(honest, channel, 'mine');
    await expect.poll(() => session.end.got, SOON).toEqual(['attached', 'mine']);
  }
});

test('into the stream of the one who is attached it types nothing either: that one is cut off', async () => {
  const { desk, begin, attach, say, sent } = await rig();
  const session = await begin();
  const channel = await attach(1, session);
  await say(1, channel, 'begin');
  await expect.poll(() => session.end.got, SOON).toEqual(['attached']);
  desk.take({ kind: 'data', stream: 1, data: new Uint8Array(100) });
  await expect.poll(() => sent.at(-1), SOON).toEqual({ kind: 'close', stream: 1, reason: 'forged' });
  expect(session.end.got).toEqual(['attached', 'detached']);
});

test('more than the window ends a client', async () => {
  const { desk, begin, attach, sent } = await rig();
  const session = await begin();
  await attach(1, session);
  for (let count = 0; count < 9; count += 1) desk.take({ kind: 'data', stream: 1, data: new Uint8Array(32_000) });
  expect(sent).toContainEqual({ kind: 'close', stream: 1, reason: 'flooded' });
});

test('a session nobody comes back to ends, and one that was cancelled, and one over its bytes', async () => {
  const { clock, begin, attach, say } = await rig();
  const left = await begin();
  await clock.advance(DETACHED_MS + 2_000);
  expect(await left.over).toMatchObject({ value: { detail: expect.stringContaining('nobody came') } });
  const cancel = new AbortController();
  const cancelled = await begin(cancel.signal);
  cancel.abort();
  expect(await cancelled.over).toMatchObject({ value: { detail: expect.stringContaining('from outside') } });
  const greedy = await begin();
  const channel = await attach(1, greedy);
  await say(1, channel, 'begin');
  await say(1, channel, 'x'.repeat(2_000));
  await expect.poll(() => greedy.end.got.length, SOON).toBe(2);
  await clock.advance(2_000);
  expect(await greedy.over).toMatchObject({ value: { detail: expect.stringContaining('more than 1024 bytes') } });
});

test('when the link is over every client is gone, and the session waits', async () => {
  const { desk, begin, attach, say } = await rig();
  const session = await begin();
  await say(1, await attach(1, session), 'begin');
  await expect.poll(() => session.end.got, SOON).toEqual(['attached']);
  desk.onDown();
  expect(session.end.got).toEqual(['attached', 'detached']);
  expect(desk.size).toBe(1);
});

test('one session too many, a kind that is not there, and a session that is none are refused', async () => {
  const { desk, begin, sent } = await rig();
  desk.take({ kind: 'open', stream: 7, session: ManifestId.parse(newId(9)) });
  expect(sent).toEqual([{ kind: 'close', stream: 7, reason: 'unknown' }]);
  const first = await begin();
  for (let count = 1; count < MAX_SESSIONS; count += 1) await begin();
  await expect.poll(() => desk.size, SOON).toBe(MAX_SESSIONS);
  const args = { kind: 'files' as const, key: first.client.publicKey, idleMs: 10_000, maxBytes: 1_024 };
  const order = { manifest: { id: first.id } as Manifest, args, entry, device: {} as Session }; // neither is looked at
  expect(await desk.run(order, new AbortController().signal)).toMatchObject({ ok: false, reason: 'refused' });
});
