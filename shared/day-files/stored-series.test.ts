// Series by their words, from a poll to a file, to another program, and back.
import { expect, test } from 'vitest';
import { scriptColumn } from '#shared/model/script-series.ts';
import { namedSeries, polledSeries, storedSeries, toldSeries } from './stored-series.ts';

const SCRIPTED = scriptColumn({ name: 'queue.depth', unit: 'ms', instance: 'in a' });

test.each([[{ metric: 31, instance: '/var' }], [SCRIPTED]])(
  '%j comes back from a file, and from another program',
  (series) => {
    const stored = storedSeries(series);
    expect(polledSeries(stored)).toEqual(series);
    const { metric, instance } = toldSeries(stored);
    expect(namedSeries(metric, instance)).toEqual(stored);
  },
);

test('a script is kept under its own name and unit', () => {
  expect(storedSeries(SCRIPTED)).toEqual({
    ...{ name: 'queue.depth', unit: 'ms', instance: 'in a' },
    ...{ kind: 'gauge', resolution: 0.001 },
  });
});

test('what nobody knows is kept under its number, and is not taken from another program', () => {
  expect(storedSeries({ metric: 9_999, instance: 'x' })).toMatchObject({ name: 'metric.9999', instance: 'x' });
  expect(namedSeries('load.99', '')).toBeUndefined();
  expect(namedSeries('script.value', 'no-words')).toBeUndefined();
});
