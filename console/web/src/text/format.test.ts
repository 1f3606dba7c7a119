// Numbers keep their digits few and their unknowns honest.
import { expect, test } from 'vitest';
import { duration, percent, quantityText, shortDuration } from './format.ts';

test.each([
  [null, 'ratio', '–'],
  [Number.NaN, 'bytes', '–'],
  [0, 'bytes', '0 B'],
  [1000, 'bytes', '0.98 KiB'],
  [1536, 'bytes/s', '1.50 KiB/s'],
  [1023 * 1024, 'bytes', '1.00 MiB'],
  [98.7 * 1024 ** 3, 'bytes', '98.7 GiB'],
  [0.1234, 'ratio', '12.3%'],
  [1, 'ratio', '100%'],
  [0.5, 'load', '0.50'],
  [3, 'count', '3'],
])('%s %s reads %s', (value, unit, text) => {
  expect(quantityText(value, unit)).toBe(text);
});

test.each([
  [0, '0 s', '0 s'],
  [61_000, '1 min 1 s', '1 min'],
  [3_600_000, '1 h', '1 h'],
  [90_060_000, '1 d 1 h', '25 h'],
  [5 * 86_400_000, '5 d', '5 d'],
])('%d ms last %s, short %s', (ms, long, short) => {
  expect(duration(ms)).toBe(long);
  expect(shortDuration(ms)).toBe(short);
});

test('a share rounds to whole percents and unknown stays unknown', () => {
  expect(percent(0.996)).toBe('100%');
  expect(percent(undefined)).toBe('–');
});

test('shares and loads read as the language writes them, to the last half', () => {
  const percents = new Intl.NumberFormat('en-GB', { style: 'percent' });
  const loads = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  for (let n = 0; n <= 20_000; n += 1) {
    if (percent(n / 10_000) !== percents.format(n / 10_000)) expect(percent(n / 10_000)).toBe(n);
    if (quantityText(n / 1_000, 'load') !== loads.format(n / 1_000)) expect(quantityText(n / 1_000, 'load')).toBe(n);
  }
});
