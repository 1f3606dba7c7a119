// Idempotency-Key: a request that is sent again, because its answer was lost on the way, is answered again and not done again.
import { createHash } from 'node:crypto';
import { type Actor, actorName, can } from '#console/access/can.ts';
import type { Store } from '#console/store/database.ts';
import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import { IDEMPOTENCY_KEY, KEPT_ANSWER_BYTES, REPLAYED } from '#shared/contract/idempotency.ts';
import { PROBLEM_TYPE } from '#shared/contract/problem.ts';
import type { ApiContext } from './api-context.ts';
import * as repository from './idempotent-request-repository.ts';
import type { Operation } from './operations.ts';
import { problemResponse, wrongField } from './problems.ts';

/** Longer than any client tries again by itself. */
const KEPT_MS = 24 * 3_600_000;
/** No request runs this long: its connection is cut before. What is older was left by a console that stopped. */
const RUNS_AT_MOST_MS = 10 * 60_000;
/** A script that makes a key for each of its requests makes fewer a day; a fault that makes more shall not fill the disk. */
const MAX_KEYS_PER_ACTOR = 10_000;

export interface IdempotentCall {
  context: ApiContext;
  operation: Operation;
  request: Request;
  body: Buffer | undefined;
}

interface Deps {
  store: Store;
  clock: Clock;
}

/** What makes two requests the same: where to, and every byte of what. */
function fingerprintOf({ request, body }: IdempotentCall): string {
  const { pathname, search } = new URL(request.url);
  const hash = createHash('sha256').update(`${request.method} ${pathname}${search}\n`);
  return hash.update(body ?? '').digest('base64url');
}

/** Two tokens of one person may see different parts of the estate: each has keys of its own, whatever session it is. */
const keyHolder = (actor: Actor): string =>
  actor.kind === 'person' && actor.token !== undefined ? `${actorName(actor)}/${actor.token}` : actorName(actor);

/** Answers with `answer`, or with what it answered to the same request before. */
export async function answerOnce(deps: Deps, call: IdempotentCall, answer: () => Promise<Response>): Promise<Response> {
  const { context, operation, request } = call;
  const key = request.headers.get(IDEMPOTENCY_KEY);
  // Who may not do it learns that from the operation, every time anew.
  if (key === null || operation.method !== 'POST' || context.actor.kind === 'anonymous') return answer();
  if (!/^[\x20-\x7e]{1,200}$/.test(key))
    return problemResponse(wrongField(IDEMPOTENCY_KEY, 'must be 1 to 200 printable characters'));
  // What was answered once is told only to who may still do it: the operation says no in its own words.
  if (!can(context.actor, operation.meta.permission, undefined, deps.clock.now()).allowed) return answer();
  if (operation.meta.answers === 'secret')
    return problemResponse(
      wrongField(IDEMPOTENCY_KEY, 'is not taken here: the answer holds a secret, which is never kept'),
    );
  const id = { actor: keyHolder(context.actor), key };
  const fingerprint = fingerprintOf(call);
  const known = await begin(deps, id, fingerprint);
  if (known !== undefined) return replay(known, fingerprint, deps.clock.now());
  return settle(deps, id, answer);
}

/** What the key already stands for; undefined when it now stands for this request. */
function begin(
  { store, clock }: Deps,
  id: repository.RequestKey,
  fingerprint: string,
): Promise<repository.KnownRequest | undefined> {
  const createdAt = clock.now();
  return store.transaction(async (tx) => {
    await repository.deleteRequestsBefore(tx, createdAt - KEPT_MS);
    if (await repository.insertRequest(tx, id, { fingerprint, createdAt })) {
      if ((await repository.countRequests(tx, id.actor)) > MAX_KEYS_PER_ACTOR)
        throw new AppError('rate-limited', `more than ${MAX_KEYS_PER_ACTOR} idempotency keys within a day`);
      return undefined;
    }
    return repository.findRequest(tx, id);
  });
}

function replay(known: repository.KnownRequest, fingerprint: string, now: number): Response {
  const conflict = (detail: string, status?: number) =>
    problemResponse({ code: 'conflict', detail, ...(status === undefined ? {} : { status }) });
  if (known.fingerprint !== fingerprint)
    return conflict('this idempotency key was used for another request: make a new key for each request', 422);
  if (known.status === null)
    return now - known.createdAt < RUNS_AT_MOST_MS
      ? conflict('the first request with this idempotency key is still running: ask again in a moment')
      : conflict(
          'the console stopped while the first request with this idempotency key ran: look at what stands now, then use a new key',
        );
  if (known.body === null)
    return conflict(
      'the request with this idempotency key was done; its answer was too large to keep: read what it made, or use a new key',
    );
  const type = known.status < 400 ? 'application/json' : PROBLEM_TYPE;
  const headers = { 'content-type': type, 'cache-control': 'no-store', [REPLAYED]: 'true' };
  return new Response(known.body, { status: known.status, headers });
}

/** Nothing was done: the same key may try again. A fault of ours (500) may have come after the deed, so it is kept. */
const isFree = (status: number): boolean => status > 500 || status === 401 || status === 403 || status === 429;

async function settle({ store }: Deps, id: repository.RequestKey, answer: () => Promise<Response>): Promise<Response> {
  const release = () => store.transaction((tx) => repository.deleteRequest(tx, id));
  let response: Response;
  try {
    response = await answer();
  } catch (error) {
    await release();
    throw error;
  }
  const { status } = response;
  if (isFree(status)) {
    await release();
    return response;
  }
  const text = await response.clone().text();
  const body = Buffer.byteLength(text) > KEPT_ANSWER_BYTES ? null : text;
  await store.transaction((tx) => repository.settleRequest(tx, id, { status, body }));
  return response;
}
