// The URL of the metrics page says what is seen, and nothing that is as usual.
import { expect, test } from 'vitest';
import { idsOf, MAX_DEVICES, parseMetricsSearch } from './explorer-search.ts';

const id = (n: number) => `01890000-0000-7000-8000-${String(n).padStart(12, '0')}`;

test.each([
  [{}, {}],
  [{ metric: 'cpu.used_ratio', show: 'top', by: 'avg', top: 10, span: '24h', over: 'fleet' }, {}],
  [
    { metric: 'load.1', show: 'sum', over: `site:${id(1)}`, span: '1y' },
    { metric: 'load.1', show: 'sum', over: `site:${id(1)}`, span: '1y' },
  ],
  [{ metric: '<script>', show: 'all', over: 'site:1', by: 'p99', top: 11, devices: 'x,y', instance: '' }, {}],
  [{ instance: 0 }, { instance: '0' }],
  [
    { top: 25, by: 'last' },
    { top: 25, by: 'last' },
  ],
])('%j is %j', (raw, search) => expect(parseMetricsSearch(raw)).toEqual(search));

test('a chart has room for twenty devices, each once', () => {
  const many = Array.from({ length: 30 }, (_, n) => id(n)).join(',');
  expect(idsOf(`${id(0)},${many},<b>`)).toHaveLength(MAX_DEVICES);
  expect(parseMetricsSearch({ devices: `${id(1)},${id(1)}` }).devices).toBe(id(1));
});
