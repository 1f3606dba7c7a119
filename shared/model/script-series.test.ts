// Names of scripts travel whole, and none of them passes for a metric of the product.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DERIVED } from './derive.ts';
import { METRICS, metricById, SCRIPT_VALUE } from './metric-catalogue.ts';
import { isScriptName, readScriptColumn, scriptColumn, scriptSeriesRefusal } from './script-series.ts';

test.each([
  { name: 'queue.depth', unit: 'ms', instance: '' },
  { name: 'q', unit: '', instance: '' },
  { name: 'backup.age_1', unit: '%', instance: 'C:\\ with spaces' },
])('$name in "$unit" of "$instance" comes back', (series) => {
  expect(scriptSeriesRefusal(series)).toBeUndefined();
  expect(readScriptColumn(scriptColumn(series))).toEqual(series);
});

test.each([
  [{ name: 'Queue', unit: '', instance: '' }, /small letters/],
  [{ name: 'a..b', unit: '', instance: '' }, /small letters/],
  [{ name: 'a b', unit: '', instance: '' }, /small letters/],
  [{ name: 'a'.repeat(65), unit: '', instance: '' }, /64 at most/],
  [{ name: 'cpu.user', unit: '', instance: '' }, /of the product/],
  [{ name: 'cpu.used_ratio', unit: '', instance: '' }, /of the product/],
  [{ name: 'script.value', unit: '', instance: '' }, /of the product/],
  [{ name: 'a', unit: 'm s', instance: '' }, /a unit has/],
  [{ name: 'a', unit: '', instance: 'x'.repeat(254) }, /250 bytes/],
])('%j is refused', (series, why) => {
  expect(scriptSeriesRefusal(series)).toMatch(why);
});

test('any column is a script series of an honest name, or none', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 255 }), (instance) => {
      const read = readScriptColumn({ metric: SCRIPT_VALUE.id, instance });
      if (read !== undefined) expect(scriptColumn(read).instance).toBe(instance);
    }),
  );
  expect(readScriptColumn({ metric: 8, instance: 'a ms ' })).toBeUndefined();
});

test('the number on the wire is its own, and in no list of the catalogue', () => {
  expect(metricById(60)).toBe(SCRIPT_VALUE);
  expect(METRICS.some(({ id }) => id === SCRIPT_VALUE.id)).toBe(false);
  expect([...METRICS, ...DERIVED].some(({ name }) => isScriptName(name))).toBe(false);
});
