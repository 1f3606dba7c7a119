// Proves that a request sent again is answered again and not done again, and that a key is never taken for another request.

import { expect, test } from 'vitest';
import type { Actor } from '#console/access/can.ts';
import { IDEMPOTENCY_KEY, REPLAYED } from '#shared/contract/idempotency.ts';
import { FakeClock } from '#test/fixtures/fake-clock.ts';
import { ownerActor } from '#test/fixtures/person-actor.ts';
import { freshStore, sqliteEngine } from '#test/repository/test-engine.ts';
import type { ApiContext } from './api-context.ts';
import { answerOnce, type IdempotentCall } from './idempotency.ts';
import { findOperation } from './operations.ts';
import { problemResponse } from './problems.ts';

const ada = ownerActor('ada', 'Ada', 'token');
const DAY_MS = 86_400_000;

function operationAt(method: string, path: string) {
  const found = findOperation(method, path);
  if ('allowed' in found) throw new Error(`no operation ${method} ${path}`);
  return found.operation;
}

async function setUp() {
  const clock = new FakeClock();
  const store = await freshStore(sqliteEngine, clock);
  let done = 0;
  const deed = async () => {
    done += 1;
    return Response.json({ done }, { status: 201 });
  };
  const ask = (change: { key?: string; body?: string; actor?: Actor; path?: string } = {}, answer = deed) => {
    const { key = 'k1', body = '{"a":1}', actor = ada, path = '/devices' } = change;
    const call: IdempotentCall = {
      context: { actor } as ApiContext, // the rest of it is not looked at
      operation: operationAt('POST', path),
      request: new Request(`http://localhost/api${path}`, {
        method: 'POST',
        headers: { [IDEMPOTENCY_KEY]: key },
        body,
      }),
      body: Buffer.from(body),
    };
    return answerOnce({ store, clock }, call, answer);
  };
  const rows = () => store.db.selectFrom('idempotent_request').select(['status', 'body']).execute();
  return { clock, ask, rows, count: () => done };
}

test('the same request with the same key is done once and answered twice', async () => {
  const { ask, count } = await setUp();
  const [first, second] = [await ask(), await ask()];
  expect([first.status, first.headers.get(REPLAYED)]).toEqual([201, null]);
  expect([second.status, second.headers.get(REPLAYED)]).toEqual([201, 'true']);
  expect(await second.json()).toEqual(await first.json());
  expect(count()).toBe(1);
});

test('another body under the key is refused, and so is another path', async () => {
  const { ask, count } = await setUp();
  await ask();
  for (const change of [{ body: '{"a":2}' }, { path: '/tags' }]) {
    const answer = await ask(change);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([422, 'application/problem+json']);
    expect(await answer.json()).toMatchObject({ code: 'conflict', detail: expect.stringContaining('another request') });
  }
  expect(count()).toBe(1);
});

test('somebody else may use the same key', async () => {
  const { ask, count } = await setUp();
  await ask();
  expect((await ask({ actor: { ...ada, id: 'ben' } })).status).toBe(201);
  expect(count()).toBe(2);
});

test('another token of the same person is somebody else: it may see another part', async () => {
  const { ask, count } = await setUp();
  await ask({ actor: { ...ada, token: 't1' } });
  const other = await ask({ actor: { ...ada, token: 't2' } });
  expect([other.headers.get(REPLAYED), count()]).toEqual([null, 2]);
});

test('while the first request runs the second is told so; twenty at once are done once', async () => {
  const { ask, count } = await setUp();
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask()));
  const statuses = answers.map(({ status }) => status);
  expect(statuses.filter((status) => status === 201).length).toBeGreaterThanOrEqual(1);
  expect(statuses.every((status) => status === 201 || status === 409)).toBe(true);
  expect(count()).toBe(1);
});

test('a request that a stopped console left behind is not run again', async () => {
  const { clock, ask, count } = await setUp();
  let letGo: (() => void) | undefined;
  const never = () => new Promise<Response>((resolve) => (letGo = () => resolve(Response.json({}))));
  const first = ask({}, never);
  await expect.poll(() => letGo !== undefined).toBe(true);
  expect(await (await ask()).json()).toMatchObject({ status: 409, detail: expect.stringContaining('still running') });
  await clock.advance(11 * 60_000);
  expect(await (await ask()).json()).toMatchObject({ status: 409, detail: expect.stringContaining('new key') });
  expect(count()).toBe(0);
  letGo?.();
  await first;
});

test.each([
  [400, false],
  [404, false],
  [500, false],
  [401, true],
  [429, true],
  [503, true],
])('an answer of %i frees its key: %s', async (status, isFree) => {
  const { ask, rows } = await setUp();
  await ask({}, async () => problemResponse({ code: 'conflict', detail: 'x', status }));
  expect(await rows()).toHaveLength(isFree ? 0 : 1);
  expect((await ask()).status).toBe(isFree ? 201 : status);
});

test('an answer above the bound is not kept, and the key says what to do', async () => {
  const { ask, rows } = await setUp();
  const large = 'x'.repeat(300_000);
  expect(await (await ask({}, async () => Response.json({ large }))).json()).toEqual({ large });
  expect(await rows()).toEqual([{ status: 200, body: null }]);
  expect(await (await ask()).json()).toMatchObject({
    status: 409,
    detail: expect.stringContaining('too large to keep'),
  });
});

test('a key is forgotten after a day', async () => {
  const { clock, ask, count, rows } = await setUp();
  await ask();
  await clock.advance(DAY_MS + 1);
  expect((await ask()).headers.get(REPLAYED)).toBeNull();
  expect(count()).toBe(2);
  expect(await rows()).toHaveLength(1);
});

test('an answer with a secret is never kept: its operation takes no key', async () => {
  const { ask, rows, count } = await setUp();
  for (const path of ['/session', '/session/links', '/relays/tokens', '/relays/x/replace'])
    expect(await (await ask({ path })).json()).toMatchObject({
      status: 400,
      errors: [{ field: IDEMPOTENCY_KEY, message: expect.stringContaining('secret') }],
    });
  expect(await rows()).toEqual([]);
  expect(count()).toBe(0);
});

test.each(['', 'x'.repeat(201), 'schlüssel'])('the key %j is refused by name', async (key) => {
  const { ask, count } = await setUp();
  expect(await (await ask({ key })).json()).toMatchObject({ status: 400, errors: [{ field: IDEMPOTENCY_KEY }] });
  expect(count()).toBe(0);
});

test('nobody leaves a key behind without being signed in', async () => {
  const { ask, rows } = await setUp();
  await ask({ actor: { kind: 'anonymous' } });
  expect(await rows()).toEqual([]);
});

test('who may not do a thing leaves no key, and is told nothing that was answered to it', async () => {
  const { ask, rows } = await setUp();
  await ask({ actor: { kind: 'relay', id: 'r1' } });
  expect(await rows()).toEqual([]);
});
