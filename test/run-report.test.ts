// The closing lines tell the truth, also when a part fell over, and name what failed where the end of an output shows it.
import { expect, test } from 'vitest';
import { afterRepeating, closingLines, commandReport, filesToRepeat, type Part, suiteReport } from './run-report.ts';

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

test('one line sums up all parts, and what failed stands below its part by name', () => {
  const parts = [part('unit', { passed: 7, durationMs: 1_234 }), part('fuzz frames', commandReport('fuzz frames', 3))];
  expect(closingLines(parts)).toBe(
    [
      ' ok  unit: 7 passed, 0 failed, 1.2 s',
      'FAIL fuzz frames: 0 passed, 1 failed, 0.0 s',
      'FAIL fuzz frames: ended with 3',
      '7 passed, 1 failed',
      '',
    ].join('\n'),
  );
});

test('a test that did not run is counted and named', () => {
  const text = closingLines([part('e2e', { passed: 1, skipped: ['a.test.ts > x', 'a.test.ts > y'] })]);
  expect(text).toContain(' ok  e2e: 1 passed, 0 failed, 2 did not run, 0.0 s\n');
  expect(text).toMatch(
    /did not run: a\.test\.ts > x\ndid not run: a\.test\.ts > y\n1 passed, 0 failed, 2 did not run\n$/,
  );
});

test('an error of many lines and colours is one line of 200 characters', () => {
  const why = `expected\n\u001b[2m  - ${'long '.repeat(100)}`;
  const last = closingLines([part('e2e', { failed: 1, faults: [{ where: 'a.test.ts > x', why }] })])
    .split('\n')
    .at(-3);
  expect(last).toHaveLength(200);
  expect(last).toMatch(/^FAIL a\.test\.ts > x: expected - long long/);
});

test('however much fails, the end of the output holds a screen of it, below what passed', () => {
  const faults = Array.from({ length: 300 }, (_, n) => ({ where: `test ${n}`, why: 'no' }));
  const skipped = Array.from({ length: 300 }, (_, n) => `other ${n}`);
  const parts = [part('e2e', { failed: 300, faults, skipped }), part('fuzz frames', { passed: 1 })];
  const lines = closingLines(parts).split('\n');
  // 30 lines are what a tail shows, and npm says a few of its own after ours.
  expect(lines.length - lines.findIndex((line) => line.startsWith('FAIL e2e'))).toBeLessThan(30);
  expect(lines.at(-3)).toBe('and 281 more');
});

test('a test that passes alone counts as passed, and is named', () => {
  const first = suiteReport(report(5, 1, 'a.test.ts > x'), 1);
  expect(filesToRepeat(first)).toEqual(['a.test.ts']);
  const after = afterRepeating(first, suiteReport(report(3, 0), 0));
  expect(after).toMatchObject({ passed: 6, failed: 0, faults: [] });
  expect(closingLines([part('e2e', after)])).toContain(
    'UNSTEADY, passed alone: a.test.ts > x: no\n6 passed, 0 failed\n',
  );
});

test('a test that fails twice has failed, as has one whose second run fell over', () => {
  const first = suiteReport(report(5, 1, 'a.test.ts > x'), 1);
  expect(afterRepeating(first, suiteReport(report(2, 1, 'a.test.ts > x'), 1))).toBe(first);
  expect(afterRepeating(first, suiteReport(undefined, null))).toBe(first);
});

test.each([
  ['nothing failed', []],
  ['a failure has no file', ['a.test.ts > x', 'outside of every test']],
  ['four files failed', ['a.test.ts', 'b.test.ts', 'c.test.ts', 'd.test.ts']],
])('nothing is run again where %s', (_case, faults) => {
  expect(filesToRepeat(suiteReport(report(5, faults.length, ...faults), faults.length > 0 ? 1 : 0))).toEqual([]);
});
