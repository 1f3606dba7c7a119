// The closing line tells the truth, also when a part fell over.
import { expect, test } from 'vitest';
import { closingLines, vitestCounts } from './run-report.ts';

test.each([
  ['all passed', '{"numPassedTests":7,"numFailedTests":0}', 0, { passed: 7, failed: 0 }],
  ['two failed', '{"numPassedTests":5,"numFailedTests":2}', 1, { passed: 5, failed: 2 }],
  ['a file did not load', '{"numPassedTests":5,"numFailedTests":0}', 1, { passed: 5, failed: 1 }],
  ['nothing ran', '{"numPassedTests":0,"numFailedTests":0}', 0, { passed: 0, failed: 1 }],
  ['no report', undefined, 1, { passed: 0, failed: 1 }],
  ['half a report', '{"numPas', 0, { passed: 0, failed: 1 }],
  ['killed', '{"numPassedTests":7,"numFailedTests":0}', null, { passed: 7, failed: 1 }],
])('%s', (_case, report, exitCode, counts) => {
  expect(vitestCounts(report, exitCode)).toEqual(counts);
});

test('the last line sums up all parts', () => {
  const parts = [
    { name: 'unit', passed: 7, failed: 0, durationMs: 1_234 },
    { name: 'fuzz frames', passed: 0, failed: 1, durationMs: 10 },
  ];
  expect(closingLines(parts)).toBe(
    ' ok  unit: 7 passed, 0 failed, 1.2 s\nFAIL fuzz frames: 0 passed, 1 failed, 0.0 s\n7 passed, 1 failed\n',
  );
});
