// The fleet's columns are made once for many, and never older than a change that somebody was told of.
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { can } from '#console/access/can.ts';
import type { Scope } from '#console/access/scope.ts';
import type { ColumnsPart, DeviceColumns } from '#shared/contract/device-columns.ts';
import { ColumnsAnswers } from './columns-route.ts';

function kit() {
  const state = { version: 1, made: 0, now: 0 };
  const fleet = {
    get version() {
      return state.version;
    },
    columns: (_: Scope, part?: ColumnsPart) => {
      state.made += 1;
      if (part !== undefined && part !== 'with') return { words: [part] } as Partial<DeviceColumns> as DeviceColumns; // likewise
      return { now: state.made } as DeviceColumns; // the bytes are what is looked at
    },
  };
  const answers = new ColumnsAnswers({ fleet, clock: { monotonic: () => state.now }, startedAt: 35 });
  const decided = can({ kind: 'system', part: 'test' }, 'device.read');
  if (!decided.allowed) throw new Error('a test reads everything');
  const { scope } = decided;
  const read = async (encoding?: 'gzip') => {
    const bytes = await answers.form(scope, encoding).bytes();
    return JSON.parse(Buffer.from(encoding === 'gzip' ? gunzipSync(bytes) : bytes).toString());
  };
  const part = async (which: ColumnsPart) =>
    JSON.parse(Buffer.from(await answers.form(scope, undefined, which).bytes()).toString());
  return { state, read, part, tag: () => answers.form(scope, undefined).etag };
}

test('many who ask within a second are answered with the same bytes, in each form', async () => {
  const { state, read } = kit();
  const answers = await Promise.all([read(), read('gzip'), read('gzip'), read()]);
  expect(answers).toEqual([{ now: 1 }, { now: 1 }, { now: 1 }, { now: 1 }]);
  expect(state.made).toBe(1);
});

test('a change of the fleet is in the next answer at once', async () => {
  const { state, read } = kit();
  await read('gzip');
  state.version = 2;
  expect(await read('gzip')).toEqual({ now: 2 });
});

test('readings are at most a second old', async () => {
  const { state, read } = kit();
  await read();
  state.now = 999;
  expect(await read()).toEqual({ now: 1 });
  state.now = 1_000;
  expect(await read()).toEqual({ now: 2 });
});

test('rows without readings are made anew only when something of them changes', async () => {
  const { state, part } = kit();
  await part('later');
  state.now = 60_000;
  await part('later');
  expect(state.made).toBe(1);
  state.version = 2;
  await part('later');
  expect(state.made).toBe(2);
});

test('its tag changes with the fleet, and not with readings', () => {
  const { state, tag } = kit();
  const first = tag();
  expect(first).toBe('"z.1.everything"');
  state.now = 5_000;
  expect(tag()).toBe(first);
  state.version = 2;
  expect(tag()).not.toBe(first);
});

test('the parts of an answer are kept apart', async () => {
  const { read, part } = kit();
  expect(await part('later')).toEqual({ words: ['later'] });
  expect(await part('alone')).toEqual({ words: ['alone'] });
  expect(await part('with')).toEqual(await read());
});
