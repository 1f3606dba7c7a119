// What was asked before the code came is taken once, by the one who asks the same.
import { afterEach, expect, test } from 'vitest';
import { earlyAnswer, earlyWhole, offerAnswer, type WholeAnswer } from './early.ts';

const leave = (path: string, answer: Promise<Response | WholeAnswer>) =>
  Object.assign(globalThis, { rmmEarly: { [path]: answer } });
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

test('an answer that was read to its end is given as it is, or as an answer to read', async () => {
  const headers = new Headers({ etag: '"1"' });
  const whole = { status: 200, headers, text: '[1]' };
  leave('/api/devices/columns', Promise.resolve(whole));
  expect(await earlyWhole('/api/devices/columns')).toBe(whole);
  expect(await earlyWhole('/api/devices/columns')).toBeUndefined();
  leave('/api/me', Promise.resolve(whole));
  const answer = await earlyAnswer(get('/api/me'));
  expect([answer?.headers.get('etag'), await answer?.json()]).toEqual(['"1"', [1]]);
  offerAnswer('/api/sites', new Response('[2]'));
  expect(await earlyWhole('/api/sites')).toMatchObject({ status: 200, text: '[2]' });
});
