// What a line of the log holds, and what it never holds.
import { expect, test } from 'vitest';
import { logLine } from './log-line.ts';

const HEAD = { level: 30, time: '2026-11-23T06:00:00.000Z', program: 'relay' };
const read = (fields: object, message = 'said'): unknown => JSON.parse(logLine(HEAD, fields, message));

test('a line is one JSON object with its head, its fields and its message', () => {
  expect(logLine(HEAD, { device: 'a', count: 2 }, 'polled')).toBe(
    '{"level":30,"time":"2026-11-23T06:00:00.000Z","program":"relay","device":"a","count":2,"msg":"polled"}\n',
  );
});

test.each(['password', 'passphrase', 'privateKey', 'secret', 'token', 'authorization', 'cookie'])(
  'the value of %s is in no line, however deep it lies',
  (name) => {
    const line = logLine(HEAD, { [name]: 'hunter2', a: { [name]: 'hunter2', b: [{ c: { [name]: 'hunter2' } }] } }, 'm');
    expect(line).not.toContain('hunter2');
    expect(line).toContain('[redacted]');
  },
);

test('line ends of a device make no second line', () => {
  const line = logLine(HEAD, { output: 'a\nb\r\u2028{"level":60}' }, 'x\ny');
  expect(line.slice(0, -1)).not.toMatch(/[\n\r]/);
  expect(JSON.parse(line)).toMatchObject({ output: 'a\nb\r\u2028{"level":60}', msg: 'x\ny' });
});

test('an error is told with its code and its cause', () => {
  const error = Object.assign(new TypeError('broken', { cause: new Error('why') }), { code: 'EPIPE' });
  expect(read({ error })).toMatchObject({
    error: { type: 'TypeError', message: 'broken', code: 'EPIPE', cause: { message: 'why' } },
  });
});

test('what JSON cannot hold is told all the same: loops, big numbers, bytes, bad times', () => {
  const loop: Record<string, unknown> = {};
  loop['self'] = loop;
  expect(read({ loop, big: 2n ** 70n, bytes: new Uint8Array(3), when: new Date(Number.NaN), gone: undefined })).toEqual(
    expect.objectContaining({ big: '1180591620717411303424', bytes: '[3 bytes]', when: null }),
  );
});

test('fields take neither the level nor the message', () => {
  expect(read({ level: 60, msg: 'other', time: 0 }, 'ours')).toMatchObject({ ...HEAD, msg: 'ours' });
});

test('user, password and query of an address are left out', () => {
  expect(logLine(HEAD, { url: new URL('https://u:p4ss@host:8443/a?t=s3cret') }, 'm')).not.toMatch(/p4ss|s3cret/);
});

test('a line has an end, whatever was handed in', () => {
  const line = logLine(HEAD, { text: 'x'.repeat(1e6), list: Array.from({ length: 1e5 }, () => 1) }, 'y'.repeat(1e6));
  expect(line.length).toBeLessThan(20_000);
});

test('what branches without end becomes no line without end', () => {
  const branch: Record<string, unknown> = { text: 'x'.repeat(10_000) };
  for (let n = 0; n < 8; n += 1) branch[`b${n}`] = branch;
  expect(logLine(HEAD, { branch }, 'm').length).toBeLessThan(200_000);
});

test('of an error that gathers others each is told', () => {
  const error = new AggregateError([new Error('refused at ::1'), new Error('refused at 127.0.0.1')]);
  const line = logLine(HEAD, { error }, 'm');
  expect(line).toContain('refused at ::1');
  expect(line).toContain('refused at 127.0.0.1');
});
