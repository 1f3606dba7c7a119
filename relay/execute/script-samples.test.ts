// Lines of an output that are numbers become samples; the rest stays text, and what breaks a rule is named.
import { expect, test } from 'vitest';
import { nameOfReason, readScriptSamples } from './script-samples.ts';

const read = (...lines: string[]) => readScriptSamples(new TextEncoder().encode(lines.join('\n')), 'nightly');

test('lines with a number are samples, by their own name or by that of the order', () => {
  const { samples, refusal } = read(
    'checking the queue ...',
    '{"name":"queue.depth","v":1.5,"unit":"ms"}',
    ' {"v":-3} \r',
    '{"name":"queue.depth","v":2,"unit":"ms","instance":"in"}',
    '{"v":"4"}',
    '{"name":7,"v":4}',
    '[1]',
    '{broken',
  );
  expect(samples).toEqual([
    { name: 'queue.depth', unit: 'ms', instance: '', stored: 1_500 },
    { name: 'nightly', unit: '', instance: '', stored: -3_000 },
    { name: 'queue.depth', unit: 'ms', instance: 'in', stored: 2_000 },
  ]);
  expect(refusal).toBeUndefined();
});

test('the last of two values of one series is meant', () => {
  expect(read('{"v":1}', '{"v":2}').samples).toMatchObject([{ stored: 2_000 }]);
});

test.each([
  ['{"name":"cpu.user","v":1}', 'line 1: "cpu.user" is a metric of the product itself'],
  ['{"name":"Bad Name","v":1}', 'line 1: a name has small letters, digits, _ and dots, 64 at most'],
  ['{"v":1e300}', 'line 1: a value is at most 4.5e12 either way'],
])('%s is refused by name', (line, why) => {
  expect(read(line)).toEqual({ samples: [], refusal: why });
});

test('64 values of one run are taken, the next ones are named', () => {
  const lines = Array.from({ length: 70 }, (_, n) => `{"name":"a.n${n}","v":${n}}`);
  const { samples, refusal } = read(...lines);
  expect(samples).toHaveLength(64);
  expect(refusal).toBe('line 65: more than 64 values, and 5 lines more');
});

test.each([
  ['Nightly backup, site A!', 'nightly_backup_site_a'],
  ['  42 ', 'script'],
  ['', 'script'],
])('an order for "%s" names its values %s', (reason, name) => {
  expect(nameOfReason(reason)).toBe(name);
});
