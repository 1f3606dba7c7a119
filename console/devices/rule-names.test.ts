// Proves which names a rule holds and how they are replaced.
import { expect, test } from 'vitest';
import { namesIn, renameInRule } from './rule-names.ts';

test('names are found wherever they stand, wildcards and other fields are none', () => {
  const rule = 'group:Web,"SQL servers" or -(group:old* tag:web cpu>80%) "group:no"';
  expect([...namesIn(rule, 'group')]).toEqual(['web', 'sql servers']);
  expect([...namesIn(rule, 'tag')]).toEqual(['web']);
  expect([...namesIn('cpu>', 'group')]).toEqual([]);
});

test.each([
  ['group:web', 'group:"Web servers"'],
  ['-group:WEB,db cpu>80%', '-group:"Web servers",db cpu>80%'],
  ['(group:web or tag:web) status:up', '(group:"Web servers" or tag:web) status:up'],
  ['group:web* tag:web web', undefined],
  ['group:webs', undefined],
])('%s with web renamed is %s', (rule, expected) => {
  expect(renameInRule(rule, 'group', { from: 'Web', to: 'Web servers' })).toBe(expected);
});
