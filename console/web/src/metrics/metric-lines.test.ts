// Lines of many devices keep apart, and what flows adds up.
import { expect, test } from 'vitest';
import { averageLines, deviceLines, MAX_LINES, totalLine } from './metric-lines.ts';

const line = (device: string, deviceName: string, instance = '') => ({
  ...{ device, deviceName, instance },
  at: [1],
  min: [0],
  avg: [1],
  max: [2],
});

test('lines stand in the order of the choice, and two of one name are told apart', () => {
  const { lines } = deviceLines([line('a', 'web'), line('b', 'web'), line('c', 'db')], ['c', 'a', 'b']);
  expect(lines.map(({ label }) => label)).toEqual(['db', 'web', 'web (2)']);
});

test('an instance is named where there are several', () => {
  expect(deviceLines([line('a', 'web', 'sda')], ['a']).lines[0]?.label).toBe('web');
  const { lines } = deviceLines([line('a', 'web', 'sda'), line('a', 'web', 'sdb')], ['a']);
  expect(lines.map(({ label }) => label)).toEqual(['web sda', 'web sdb']);
});

test('no two lines look alike, and what does not fit is counted', () => {
  const many = Array.from({ length: 30 }, (_, n) => line(String(n), `web-${n}`));
  const { lines, more } = deviceLines(many, []);
  expect(more).toBe(30 - MAX_LINES);
  expect(new Set(lines.map(({ colour, dash }) => `${colour} ${dash}`)).size).toBe(MAX_LINES);
});

test('what flows is divided by the seconds of its bucket, the last one too', () => {
  const sum = { at: [0, 10_000, 20_000], until: 24_000, min: [], avg: [], max: [], sum: [50, null, 20] };
  expect(totalLine(sum, 'all').avg).toEqual([5, null, 5]);
});

test('the highest is a line of its own', () => {
  const sum = { at: [0], until: 1, min: [1], avg: [2], max: [3], sum: [4] };
  const [average, highest] = averageLines(sum, { average: 'a', highest: 'h' });
  expect(average).toMatchObject({ min: [1], avg: [2], max: [3] });
  expect(highest).toMatchObject({ label: 'h', avg: [3] });
});
