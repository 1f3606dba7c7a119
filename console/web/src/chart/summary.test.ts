// A chart reads as a sentence.
import { expect, test } from 'vitest';
import type { Line } from './line.ts';
import { summaryOf } from './summary.ts';

const line = (label: string, avg: Array<number | null>): Line => ({
  label,
  at: avg.map((_, i) => i * 60_000),
  avg,
  min: avg,
  max: avg,
});

test('each line says where it is and between what it moved, and gaps are told', () => {
  const used = line('used', [0.1, 0.3, null, 0.2]);
  expect(summaryOf({ title: 'CPU', lines: [used, line('wait', [null, null, null, null])], unit: 'ratio' })).toBe(
    'CPU. used: now 20.0%, average 20.0%, between 10.0% and 30.0%. wait: no data. one gap, 2 min in all.',
  );
});

test('a line that ends in a gap has no value now', () => {
  expect(summaryOf({ title: 'Load', lines: [line('1 min', [1, null])], unit: 'load' })).toContain('now –');
});

test('a part that is missing says why, from when and until when', () => {
  const stretches = [{ from: 0, to: 60_000, text: 'site away' }];
  expect(summaryOf({ title: 'Load', lines: [line('1 min', [1])], unit: 'load', stretches })).toMatch(
    /site away from .+ until .+\.$/,
  );
});
