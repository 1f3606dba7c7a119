// Each limit of each command can fail: figures that sit on every limit pass, and tightening any one of them does not.
import { expect, test } from 'vitest';
import { judge } from './judge.ts';
import { LIMITS, type Limit, type Limits, limitsOf } from './limits.ts';

const onTheLimit = ({ max, min }: Limit) => max ?? min ?? Number.NaN;
const figuresOnEachLimit = (limits: Limits) =>
  Object.fromEntries(Object.entries(limits).map(([figure, limit]) => [figure, onTheLimit(limit)]));

function tightened({ max, min, why }: Limit): Limit {
  const step = Math.max(1, Math.abs(max ?? 0), Math.abs(min ?? 0)) / 1_000;
  return {
    ...(max === undefined ? {} : { max: max - step }),
    ...(min === undefined ? {} : { min: min + step }),
    why,
  };
}

const runs = Object.keys(LIMITS).flatMap((name) => [
  { name, kind: 'full', limits: limitsOf(name) },
  { name, kind: 'quick', limits: limitsOf(name, true) },
]);
const cases = runs.flatMap((run) => Object.keys(run.limits).map((figure) => ({ ...run, figure })));

test.each(runs)('$name ($kind) passes when every figure sits on its limit', ({ name, limits }) => {
  expect(judge(name, figuresOnEachLimit(limits), limits)).toEqual({ pass: true, broken: [] });
});

test.each(cases)('$name ($kind) fails when $figure is held to a tighter limit', ({ name, limits, figure }) => {
  const limit = limits[figure];
  if (limit === undefined) throw new Error(`no limit ${figure}`);
  const { pass, broken } = judge(name, figuresOnEachLimit(limits), { ...limits, [figure]: tightened(limit) });
  expect(pass).toBe(false);
  expect(broken).toHaveLength(1);
  expect(broken[0]).toContain(figure);
});

test.each(cases)('$name ($kind) fails when $figure was not measured', ({ name, limits, figure }) => {
  const { [figure]: _left, ...rest } = figuresOnEachLimit(limits);
  expect(judge(name, rest, limits).pass).toBe(false);
  expect(judge(name, { ...rest, [figure]: Number.NaN }, limits).pass).toBe(false);
});

test.each(cases)('$name ($kind): the limit of $figure bounds something and says why', ({ limits, figure }) => {
  expect(onTheLimit(limits[figure] ?? { why: '' })).not.toBeNaN();
  expect(limits[figure]?.why).toMatch(/\w+ \w+/);
});

test('a command without limits cannot be judged', () => {
  expect(() => judge('bench nothing', {})).toThrow('bench nothing');
});
