// A group as a form holds it, and as the console takes it.
import type { GroupRow } from '#console/web/src/form/estate-lists.ts';

export interface GroupDraft {
  name: string;
  description: string;
  kind: 'hand' | 'rule';
  rule: string;
  /** Empty for a group of the whole fleet. */
  parentId: string;
}

export const GROUP_FIELDS = ['name', 'description', 'kind', 'rule', 'parentId'];

export const draftOf = (group: GroupRow | undefined): GroupDraft => ({
  name: group?.name ?? '',
  description: group?.description ?? '',
  kind: group?.kind ?? 'rule',
  rule: group?.rule ?? '',
  parentId: group?.parentId ?? '',
});

export const wishOf = ({ name, description, kind, rule, parentId }: GroupDraft) => ({
  name,
  description,
  kind,
  ...(kind === 'rule' && { rule }),
  ...(parentId !== '' && { parentId }),
});

/** Only what is another thing now. The kind of a group stays what it is. */
export function changesOf(group: GroupRow, draft: GroupDraft) {
  const { name, description, rule, parentId } = draft;
  const parent = parentId === '' ? null : parentId;
  return {
    ...(name !== group.name && { name }),
    ...(description !== group.description && { description }),
    ...(group.kind === 'rule' && rule !== group.rule && { rule }),
    ...(parent !== group.parentId && { parentId: parent }),
  };
}

/** Groups that a group may narrow: not itself, and none that narrows it, however far away. */
export function parentsFor(group: GroupRow | undefined, groups: readonly GroupRow[]): GroupRow[] {
  if (group === undefined) return [...groups];
  const below = new Set<string>([group.id]);
  for (let before = 0; before < below.size; ) {
    before = below.size;
    for (const one of groups) if (one.parentId !== null && below.has(one.parentId)) below.add(one.id);
  }
  return groups.filter(({ id }) => !below.has(id));
}
