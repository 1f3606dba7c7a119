// A group's edit says only what it changes, and nothing narrows itself.
import { expect, test } from 'vitest';
import type { GroupRow } from '#console/web/src/form/estate-lists.ts';
import { GroupId } from '#shared/base/id.ts';
import { changesOf, draftOf, parentsFor, wishOf } from './group-draft.ts';

const id = (n: number) => GroupId.parse(`01890000-0000-7000-a000-00000000000${n}`);
const group = (n: number, parent: number | null): GroupRow => ({
  id: id(n),
  name: `group ${n}`,
  description: '',
  kind: 'rule',
  rule: 'status:down',
  parentId: parent === null ? null : id(parent),
  isShipped: false,
  devices: 0,
  fault: null,
  createdAt: 0,
});

test('a form that was only opened changes nothing', () => {
  expect(changesOf(group(1, 2), draftOf(group(1, 2)))).toEqual({});
});

test('a group that narrows nothing any more says so', () => {
  expect(changesOf(group(1, 2), { ...draftOf(group(1, 2)), parentId: '', rule: 'cpu>80%' })).toEqual({
    rule: 'cpu>80%',
    parentId: null,
  });
});

test('a group by hand has no rule, also when one was typed before', () => {
  expect(wishOf({ name: 'a', description: '', kind: 'hand', rule: 'cpu>80%', parentId: '' })).toEqual({
    name: 'a',
    description: '',
    kind: 'hand',
  });
});

test('a group cannot narrow itself, nor what narrows it', () => {
  const groups = [group(1, null), group(2, 1), group(3, 2), group(4, null)];
  expect(parentsFor(groups[0], groups).map(({ name }) => name)).toEqual(['group 4']);
  expect(parentsFor(groups[2], groups).map(({ name }) => name)).toEqual(['group 1', 'group 2', 'group 4']);
  expect(parentsFor(undefined, groups)).toHaveLength(4);
});
