// What was asked before the code came is taken once, by the one who asks the same.
import { afterEach, expect, test } from 'vitest';
import { earlyAnswer, offerAnswer } from './early.ts';

const leave = (path: string, answer: Promise<Response>) => Object.assign(globalThis, { rmmEarly: { [path]: answer } });
const get = (url: string) => ({ method: 'GET', url: `http://localhost${url}` });

afterEach(() => {
  Reflect.deleteProperty(globalThis, 'rmmEarly');
});

test('an early answer is taken once', async () => {
  const answer = new Response('{}');
  leave('/api/me', Promise.resolve(answer));
  expect(await earlyAnswer(get('/api/me'))).toBe(answer);
  expect(await earlyAnswer(get('/api/me'))).toBeUndefined();
});

test('it serves no other question and no other method', async () => {
  leave('/api/me', Promise.resolve(new Response('{}')));
  expect(await earlyAnswer(get('/api/me?x=1'))).toBeUndefined();
  expect(await earlyAnswer({ ...get('/api/me'), method: 'DELETE' })).toBeUndefined();
  expect(await earlyAnswer(get('/api/sites'))).toBeUndefined();
});

test('one that failed is asked again', async () => {
  leave('/api/me', Promise.reject(new Error('cut')));
  expect(await earlyAnswer(get('/api/me'))).toBeUndefined();
});

test('an answer that came otherwise is taken the same way', async () => {
  const answer = new Response('[]');
  offerAnswer('/api/devices/columns', answer);
  expect(await earlyAnswer(get('/api/devices/columns'))).toBe(answer);
});
