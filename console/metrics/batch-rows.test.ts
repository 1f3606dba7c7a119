// Rooms for the rows of a batch: they grow, and are used again once nobody looks at them.
import { expect, test } from 'vitest';
import { deviceNo, pollNo } from '#test/fixtures/stream-kit.ts';
import { BatchRows, SpareRows } from './batch-rows.ts';

const valuesOf = ({ rows }: BatchRows) =>
  rows.map(({ values, from, series }) => [...values.subarray(from, from + series.length)]);

test('rows that were taken before the room grew keep their values', () => {
  const rows = new BatchRows(4);
  const polls = [0, 1, 2, 3].map((n) => pollNo(deviceNo(n), n));
  for (const poll of polls) rows.add(poll);
  expect(valuesOf(rows)).toEqual(polls.map(({ values }) => values));
  expect(rows.rows.map(({ device }) => device)).toEqual(polls.map(({ device }) => device));
});

test('a room is used again, empty; unknown values in it are not those of a batch before', () => {
  const spare = new SpareRows();
  const first = spare.take();
  const poll = pollNo(deviceNo(1), 1);
  first.add(poll);
  spare.give(first);
  const second = spare.take();
  expect(second).toBe(first);
  expect(second.rows).toEqual([]);
  second.add({ ...poll, values: poll.values.map(() => undefined) });
  expect(valuesOf(second).flat().every(Number.isNaN)).toBe(true);
  expect(spare.take()).not.toBe(second);
});
