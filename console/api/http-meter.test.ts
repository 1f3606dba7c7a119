// Requests are counted by what they were answered and how long that took.
import { expect, test } from 'vitest';
import { HttpMeter } from './http-meter.ts';

test('answers are counted by method and hundred, and slower bounds hold what faster ones hold', () => {
  const meter = new HttpMeter();
  meter.take('GET', 200, 0.004);
  meter.take('GET', 204, 0.2);
  meter.take('POST', 503, 60);
  meter.take('X'.repeat(5_000), 405, 0);
  const { answers, atMost, seconds } = meter.read();
  expect(Object.fromEntries(answers)).toEqual({ 'GET 2xx': 2, 'POST 5xx': 1, 'other 4xx': 1 });
  expect(atMost.map(({ count }) => count)).toEqual([2, 2, 2, 2, 3, 3, 3, 3, 4]);
  expect(seconds).toBeCloseTo(60.204);
});

test('a request is waited for until it is answered, or takes too long for anything to stand back', () => {
  const meter = new HttpMeter();
  expect(meter.isWaitedFor(10)).toBe(false);
  const slow = meter.begin('GET', 10);
  const answered = meter.begin('POST', 10.2);
  expect(meter.isWaitedFor(10.4)).toBe(true);
  answered(201, 10.41);
  answered(201, 10.42);
  expect(meter.isWaitedFor(10.42)).toBe(false);
  slow(200, 12);
  expect(Object.fromEntries(meter.read().answers)).toEqual({ 'POST 2xx': 1, 'GET 2xx': 1 });
});
