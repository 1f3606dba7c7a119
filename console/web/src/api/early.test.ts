// What was asked before the code came is taken once, by the one who asks the same.
import { afterEach, expect, test, vi } from 'vitest';
import { earlyAnswer } from './early.ts';

const leave = (path: string, answer: Promise<Response>) => Object.assign(globalThis, { rmmEarly: { [path]: answer } });
const get = (url: string) => ({ method: 'GET', url: `http://localhost${url}` });

afterEach(() => {
  vi.restoreAllMocks();
  Reflect.deleteProperty(globalThis, 'rmmEarly');
});

test('an early answer is taken once', async () => {
  vi.spyOn(performance, 'now').mockReturnValue(500);
  const answer = new Response('{}');
  leave('/api/me', Promise.resolve(answer));
  expect(await earlyAnswer(get('/api/me'))).toBe(answer);
  expect(await earlyAnswer(get('/api/me'))).toBeUndefined();
});

test('it serves no other question and no other method', async () => {
  vi.spyOn(performance, 'now').mockReturnValue(500);
  leave('/api/me', Promise.resolve(new Response('{}')));
  expect(await earlyAnswer(get('/api/me?x=1'))).toBeUndefined();
  expect(await earlyAnswer({ ...get('/api/me'), method: 'DELETE' })).toBeUndefined();
  expect(await earlyAnswer(get('/api/sites'))).toBeUndefined();
});

test('one that failed or is old is asked again', async () => {
  const clock = vi.spyOn(performance, 'now').mockReturnValue(500);
  leave('/api/me', Promise.reject(new Error('cut')));
  expect(await earlyAnswer(get('/api/me'))).toBeUndefined();
  clock.mockReturnValue(15_001);
  leave('/api/me', Promise.resolve(new Response('{}')));
  expect(await earlyAnswer(get('/api/me'))).toBeUndefined();
});
