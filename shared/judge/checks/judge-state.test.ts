// What a judge remembers of the largest check that can be signed outlives a restart; what cannot be read is named and costs no other check anything.
import { expect, test } from 'vitest';
import { Check, type Condition, type SimpleCondition } from '#shared/model/check.ts';
import { compileChecks } from './compile-checks.ts';
import { DeviceJudge } from './device-judge.ts';
import { MAX_OPEN_CHECKS, readJudgeState } from './judge-state.ts';

const T0 = 1_800_000_000_000;
/** Written as six characters in JSON. */
const long = (chars: number) => '\u0001'.repeat(chars);
const state = (more: object): SimpleCondition => ({
  ...{ kind: 'state' as const, of: 'device', is: ['down', ...Array(19).fill(long(80))] },
  ...{ severity: 'high' as const, forMs: 0, ...more },
});
const checkOf = (id: string, when: Condition): Check =>
  Check.parse({ id, name: id, type: 'health', isOn: true, advice: '', when });

const kept = (judge: DeviceJudge): unknown => JSON.parse(JSON.stringify(judge.save()));

test('the largest check that can be written is remembered', () => {
  const of = Array.from({ length: 8 }, () => state({ instance: `*${long(254)}` }));
  of[0] = state({});
  const when: Condition = { kind: 'compound', join: 'any', of, severity: 'high', forMs: 0 };
  const checks = compileChecks([checkOf('own.large', when)]);
  const judge = new DeviceJudge({ checks, pollMs: 60_000 });
  expect(judge.status('down', T0)).toMatchObject([{ state: 'open' }]);
  const bad: string[] = [];
  const saved = readJudgeState(kept(judge), (what) => bad.push(what));
  expect(bad).toEqual([]);
  expect(JSON.stringify(saved).length).toBeGreaterThan(80_000);
  const again = new DeviceJudge({ checks, pollMs: 60_000, saved });
  expect([...again.settle(T0 + 1), ...again.status('down', T0 + 1)]).toEqual([]);
});

test('a check that cannot be read is named, and the others go on', () => {
  const checks = compileChecks([checkOf('own.a', state({})), checkOf('own.b', state({}))]);
  const judge = new DeviceJudge({ checks, pollMs: 60_000 });
  judge.status('down', T0);
  const saved = kept(judge) as { checks: Array<{ subjectsOf: unknown }> };
  const [first] = saved.checks;
  if (first !== undefined) first.subjectsOf = 'x'.repeat(200_000);
  const bad: string[] = [];
  const read = readJudgeState(saved, (what) => bad.push(what));
  expect(read?.checks.map(({ check }) => check)).toEqual(['own.b']);
  expect(bad).toHaveLength(1);
  expect(bad[0]).toContain('of the check own.a cannot be read');
  expect(readJudgeState({ v: 2 }, (what) => bad.push(what))).toBeUndefined();
});

test('a device that fails in more ways than are kept is judged by the first, and what is kept can be read', () => {
  const checks = compileChecks(
    Array.from({ length: 11 }, (_, n) =>
      checkOf(`own.s${n}`, { kind: 'state', of: 'service', is: ['failed'], severity: 'high', forMs: 0 }),
    ),
  );
  const judge = new DeviceJudge({ checks, pollMs: 60_000 });
  const services = Array.from({ length: 1_000 }, (_, n) => ({ name: `s${n}`, active: 'failed' }));
  judge.fact({ kind: 'services', at: T0, body: { services } });
  expect(judge.open).toHaveLength(MAX_OPEN_CHECKS);
  const bad: string[] = [];
  expect(readJudgeState(kept(judge), (what) => bad.push(what))?.open).toHaveLength(MAX_OPEN_CHECKS);
  expect(bad).toEqual([]);
});
