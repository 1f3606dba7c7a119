// Proves the order of groups, what is wrong with a rule, and that a circle is named with its path.
import { expect, test } from 'vitest';
import { faultOf, type GroupRecord, planGroups } from './group-plan.ts';

const rule = (name: string, text: string, parent: string | null = null): GroupRecord => ({
  id: name.toLowerCase(),
  name,
  kind: 'rule',
  rule: text,
  parentId: parent,
});

test('each group comes after its parent and those its rule names', () => {
  const planned = planGroups([rule('A', 'group:b tag:x'), rule('B', 'type:server', 'c'), rule('C', 'status:up')]);
  expect(planned.map(({ name, fault }) => [name, fault])).toEqual([
    ['C', null],
    ['B', null],
    ['A', null],
  ]);
});

test('what asks for readings or ages is live, and so is what asks such a group', () => {
  const planned = planGroups([
    rule('Busy', 'cpu>80%'),
    rule('Both', 'group:busy'),
    rule('New', 'added<7d'),
    rule('Still', 'tag:x'),
  ]);
  expect(Object.fromEntries(planned.map(({ name, isLive }) => [name, isLive]))).toEqual({
    Busy: true,
    Both: true,
    New: true,
    Still: false,
  });
});

test('groups in a circle have no members and name it; the others stand', () => {
  const planned = planGroups([
    rule('A', 'group:b'),
    rule('B', 'tag:x', 'c'),
    rule('C', 'group:a,d'),
    rule('D', 'tag:y'),
    rule('E', 'group:a'),
  ]);
  const faults = Object.fromEntries(planned.map(({ name, fault }) => [name, fault]));
  expect(faults).toEqual({
    A: 'the group asks itself: A -> B -> C -> A',
    B: 'the group asks itself: B -> C -> A -> B',
    C: 'the group asks itself: C -> A -> B -> C',
    D: null,
    E: null,
  });
});

test.each<[string, GroupRecord, string | undefined]>([
  ['a good rule', rule('New', 'group:a -tag:x'), undefined],
  ['a wildcard that fits none yet', rule('New', 'group:zzz*'), undefined],
  ['itself', rule('New', 'group:new'), 'the group asks itself: New -> New'],
  ['itself by a wildcard', rule('New', 'group:n*'), 'the group asks itself: New -> New'],
  ['itself by any group', rule('New', 'has:group'), 'the group asks itself: New -> New'],
  ['a circle by its new rule', rule('A', 'group:b'), 'the group asks itself: A -> B -> A'],
  ['a circle by its new parent', rule('A', 'tag:x', 'b'), 'the group asks itself: A -> B -> A'],
  ['a group that is not', rule('New', 'group:gone'), 'the rule names the group "gone", which does not exist'],
  ['a parent that is not', rule('New', 'tag:x', 'gone'), 'the group it narrows is gone'],
  ['a text that does not read', rule('New', 'stauts:up'), 'the rule does not read: "stauts" is no field'],
])('before it is saved: %s', (_name, candidate, fault) => {
  const found = faultOf(candidate, [rule('A', 'tag:x'), rule('B', 'group:a')]);
  if (fault === undefined) expect(found).toBeUndefined();
  else expect(found).toContain(fault);
});
