// A file says what is shown, unknown stays unknown, and a name is never a formula.
import { expect, test } from 'vitest';
import { fileText, linesFile, sumFile, topFile, wholePath } from './shown-file.ts';

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

test('every value is that of the chosen devices, or of all that the sum is over', () => {
  const ask = { metric: 'load.1', devices: ['id-1', 'id-2'], over: 'fleet', from: 1, to: 2 };
  expect(wholePath(ask, 'csv')).toBe('/api/metrics/export?devices=id-1%2Cid-2&names=load.1&from=1&to=2&format=csv');
  expect(wholePath({ ...ask, devices: [] }, 'json')).toBe(
    '/api/metrics/export?over=fleet&names=load.1&from=1&to=2&format=json',
  );
});
