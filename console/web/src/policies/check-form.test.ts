// A form that was filled from a check makes the same check again; what is typed wrongly is named by its field.
import { expect, test } from 'vitest';
import { SHIPPED_CHECKS } from '#shared/judge/shipped-checks.ts';
import { type CheckForm, checkOf, EMPTY_CHECK, faultsOf, formOf } from './check-form.ts';

test.each(SHIPPED_CHECKS.map((check) => [check.id, check] as const))('%s comes through unchanged', (_id, check) => {
  expect(checkOf(formOf(check))).toEqual(check);
});

const filled: CheckForm = {
  ...EMPTY_CHECK,
  ...{ id: 'queue.length', name: 'Queue', series: 'queue.length', limits: { ...EMPTY_CHECK.limits, high: '12,5' } },
};

test('a comma is a decimal point, and what is empty is no limit', () => {
  expect(checkOf(filled)?.when).toEqual({
    ...{ kind: 'threshold', series: 'queue.length', above: true, limits: { high: 12.5 }, forMs: 300_000, margin: 0 },
  });
});

test.each<[Partial<CheckForm>, keyof CheckForm]>([
  [{ id: 'Queue length' }, 'id'],
  [{ name: ' ' }, 'name'],
  [{ series: '' }, 'series'],
  [{ limits: EMPTY_CHECK.limits }, 'limits'],
  [{ limits: { ...EMPTY_CHECK.limits, low: 'many' } }, 'limits'],
  [{ forMinutes: '-1' }, 'forMinutes'],
  [{ forMinutes: '50000' }, 'forMinutes'],
  [{ margin: 'x' }, 'margin'],
  [{ kind: 'state', states: ' , ' }, 'states'],
  [{ kind: 'events', codes: '7, x' }, 'codes'],
])('%j is wrong in %s', (change, field) => {
  expect(Object.keys(faultsOf({ ...filled, ...change }))).toContain(field);
  expect(checkOf({ ...filled, ...change })).toBeUndefined();
});
