// A file says what is shown, unknown stays unknown, and a name is never a formula.
import { expect, test } from 'vitest';
import { fileText, linesFile, sumFile, topFile } from './shown-file.ts';

const points = { at: [0, 60_000], min: [0, null], avg: [1, null], max: [2, null] };

test('lines of devices are rows of a table', () => {
  const file = linesFile('load.1', [{ device: 'id-1', deviceName: '=cmd|x', instance: '', ...points }]);
  expect(fileText(file, 'csv')).toBe(
    '\ufefftime,device,id,instance,min,avg,max\r\n' +
      "1970-01-01T00:00:00.000Z,'=cmd|x,id-1,,0,1,2\r\n" +
      "1970-01-01T00:01:00.000Z,'=cmd|x,id-1,,,,\r\n",
  );
});

test('in JSON an unknown value is null', () => {
  const rows: unknown = JSON.parse(fileText(sumFile('load.1', { ...points, sum: [5, null] }), 'json'));
  expect(rows).toEqual([
    { time: '1970-01-01T00:00:00.000Z', min: 0, avg: 1, max: 2, sum: 5 },
    { time: '1970-01-01T00:01:00.000Z', min: null, avg: null, max: null, sum: null },
  ]);
});

test('the top of a list keeps its places', () => {
  const row = { device: 'id-1', deviceName: 'web', siteName: 'Köln', instance: 'sda', value: 0.5, at: 0 };
  expect(topFile('disk.busy_ratio', [row, row]).rows.map(([place]) => place)).toEqual([1, 2]);
});
