// Who is asked to prove themself is asked once, and what waited is sent again; who declines keeps the refusal.
import { ORPCError } from '@orpc/client';
import { afterEach, expect, test } from 'vitest';
import { onStepUp, withStepUp } from './step-up.ts';

const refusal = () => new ORPCError('STEP_UP_REQUIRED', { status: 403, message: 'prove who you are' });
let stop = () => {};
afterEach(() => stop());

/** Answers once the person is proven. */
function request(state: { isProven: boolean; sent: number }) {
  return async () => {
    state.sent += 1;
    if (!state.isProven) throw refusal();
    return 'done';
  };
}

test('two requests that wait are one question, and both are sent again', async () => {
  const state = { isProven: false, sent: 0 };
  let questions = 0;
  stop = onStepUp(async () => {
    questions += 1;
    await Promise.resolve();
    state.isProven = true;
    return true;
  });
  expect(await Promise.all([withStepUp(request(state)), withStepUp(request(state))])).toEqual(['done', 'done']);
  expect([questions, state.sent]).toEqual([1, 4]);
});

test('a question that is declined leaves the refusal, and the next refusal asks anew', async () => {
  const state = { isProven: false, sent: 0 };
  let questions = 0;
  stop = onStepUp(async () => {
    questions += 1;
    return false;
  });
  await expect(withStepUp(request(state))).rejects.toThrow('prove who you are');
  await expect(withStepUp(request(state))).rejects.toThrow('prove who you are');
  expect([questions, state.sent]).toEqual([2, 2]);
});

test('any other refusal is nobody’s question, and a request is sent again once only', async () => {
  let questions = 0;
  stop = onStepUp(async () => {
    questions += 1;
    return true;
  });
  const denied = new ORPCError('DENIED', { status: 403, message: 'not yours' });
  await expect(withStepUp(() => Promise.reject(denied))).rejects.toBe(denied);
  expect(questions).toBe(0);
  const state = { isProven: false, sent: 0 };
  await expect(withStepUp(request(state))).rejects.toThrow('prove who you are');
  expect([questions, state.sent]).toEqual([1, 2]);
});

test('a page that goes while it asks leaves the refusal, and the next page asks anew', async () => {
  const state = { isProven: false, sent: 0 };
  let isAsking = () => {};
  const shown = new Promise<void>((resolve) => {
    isAsking = resolve;
  });
  const leave = onStepUp(() => {
    isAsking();
    return new Promise<boolean>(() => {});
  });
  const waiting = withStepUp(request(state));
  await shown;
  leave();
  await expect(waiting).rejects.toThrow('prove who you are');
  stop = onStepUp(async () => {
    state.isProven = true;
    return true;
  });
  expect(await withStepUp(request(state))).toBe('done');
});
