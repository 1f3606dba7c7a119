// Lines that a version names are numbers of the device; what a hostile output adds to them is text.
import { expect, test } from 'vitest';
import { readReadings } from './script-readings.ts';

const READINGS = [
  { label: 'Queue length', series: 'queue.depth' },
  { label: 'Wait', series: 'queue.wait', unit: 'ms' },
];
const read = (...lines: string[]) => readReadings(new TextEncoder().encode(lines.join('\n')), READINGS);

test('the last number behind a label counts', () => {
  expect(read('Queue length: 12', 'noise', '  Wait = 1.5 ms', 'Queue length: 13 items')).toEqual({
    samples: [
      { name: 'queue.depth', unit: '', instance: '', stored: 13_000 },
      { name: 'queue.wait', unit: 'ms', instance: '', stored: 1_500 },
    ],
    refusal: undefined,
  });
});

test.each([
  ['Queue length 12', 'no line says "Queue length"'],
  ['Queue length: twelve', 'no line says "Queue length"'],
  ['Queue length: 1.2.3', 'no line says "Queue length"'],
  ['The Queue length: 12', 'no line says "Queue length"'],
  ['Queue length: 999999999999999', '"Queue length": a value is at most 4.5e12 either way'],
])('%s is no number of it', (line, why) => {
  expect(read(line, 'Wait: 1')).toMatchObject({ samples: [{ name: 'queue.wait' }], refusal: why });
});

test('10,000 lines are looked at', () => {
  const lines = Array.from({ length: 10_000 }, () => 'x');
  expect(read(...lines.with(9_999, 'Wait: 1')).samples).toHaveLength(1);
  expect(read(...lines, 'Wait: 1').samples).toHaveLength(0);
});
