// The closing lines tell the truth, also when a part fell over, and name what failed where the end of an output shows it.
import { expect, test } from 'vitest';
import { closingLines, commandReport, type Part, suiteReport } from './run-report.ts';

const report = (passed: number, failed: number, ...faults: string[]) =>
  JSON.stringify({ passed, failed, faults: faults.map((where) => ({ where, why: 'no' })), skipped: [] });

test.each([
  ['all passed', report(7, 0), 0, { passed: 7, failed: 0 }],
  ['two failed', report(5, 2, 'a', 'b'), 1, { passed: 5, failed: 2 }],
  ['a file did not load', report(5, 0, 'a.test.ts'), 1, { passed: 5, failed: 1 }],
  ['a hook failed, and vitest made nothing of it', report(5, 0, 'a.test.ts'), 0, { passed: 5, failed: 1 }],
  ['nothing ran', report(0, 0), 0, { passed: 0, failed: 1 }],
  ['no report', undefined, 1, { passed: 0, failed: 1 }],
  ['half a report', '{"pas', 0, { passed: 0, failed: 1 }],
  ['killed', report(7, 0), null, { passed: 7, failed: 1 }],
])('%s', (_case, text, exitCode, counts) => {
  const read = suiteReport(text, exitCode);
  expect(read).toMatchObject(counts);
  // Whatever failed has a name.
  expect(read.faults.length > 0).toBe(counts.failed > 0);
});

const part = (name: string, over: Partial<Part>): Part => ({
  ...{ name, passed: 0, failed: 0, faults: [], skipped: [], durationMs: 10 },
  ...over,
});

test('one line sums up all parts, and what failed stands below it by name', () => {
  const parts = [part('unit', { passed: 7, durationMs: 1_234 }), part('fuzz frames', commandReport('fuzz frames', 3))];
  expect(closingLines(parts)).toBe(
    [
      ' ok  unit: 7 passed, 0 failed, 1.2 s',
      'FAIL fuzz frames: 0 passed, 1 failed, 0.0 s',
      '7 passed, 1 failed',
      'FAIL fuzz frames: ended with 3',
      '',
    ].join('\n'),
  );
});

test('a test that did not run is counted and named', () => {
  const text = closingLines([part('e2e', { passed: 1, skipped: ['a.test.ts > x', 'a.test.ts > y'] })]);
  expect(text).toContain(' ok  e2e: 1 passed, 0 failed, 2 did not run, 0.0 s\n1 passed, 0 failed, 2 did not run\n');
  expect(text).toMatch(/did not run: a\.test\.ts > x\ndid not run: a\.test\.ts > y\n$/);
});

test('an error of many lines and colours is one line of 200 characters', () => {
  const why = `expected\n\u001b[2m  - ${'long '.repeat(100)}`;
  const last = closingLines([part('e2e', { failed: 1, faults: [{ where: 'a.test.ts > x', why }] })])
    .split('\n')
    .at(-2);
  expect(last).toHaveLength(200);
  expect(last).toMatch(/^FAIL a\.test\.ts > x: expected - long long/);
});

test('however much fails, the end of the output holds a screen of it', () => {
  const faults = Array.from({ length: 300 }, (_, n) => ({ where: `test ${n}`, why: 'no' }));
  const skipped = Array.from({ length: 300 }, (_, n) => `other ${n}`);
  const lines = closingLines([part('e2e', { failed: 300, faults, skipped })]).split('\n');
  // 30 lines are what a tail shows, and npm says a few of its own after ours.
  expect(lines.length - lines.findIndex((line) => line.startsWith('did not run'))).toBeLessThan(30);
  expect(lines.at(-2)).toBe('and 281 more');
});
