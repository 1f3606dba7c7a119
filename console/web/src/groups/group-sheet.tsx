// Makes a group, or changes one: its name, its rule, and what it narrows.
import { useQueryClient } from '@tanstack/react-query';
import { api } from '#console/web/src/api/api.ts';
import { readFilter } from '#console/web/src/fleet/filter-text.ts';
import { type GroupRow, useGroups } from '#console/web/src/form/estate-lists.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { useForm } from '#console/web/src/form/use-form.ts';
import { RadioGroup } from '#console/web/src/ui/choice.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { TextArea, TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { changesOf, draftOf, GROUP_FIELDS, type GroupDraft, parentsFor, wishOf } from './group-draft.ts';
import { RuleField } from './rule-field.tsx';
import { t } from './text.ts';

/** A select has no empty value of its own. */
const WHOLE = 'whole';

function check({ name, kind, rule }: GroupDraft): Record<string, string> {
  if (name.trim() === '') return { name: t('nameMissing') };
  if (kind === 'hand') return {};
  if (rule.trim() === '') return { rule: t('ruleMissing') };
  return readFilter(rule).ok ? {} : { rule: t('ruleUnread') };
}

/** Mount it to open it; without a group it makes one. */
export function GroupSheet({ group, onClose }: { group?: GroupRow | undefined; onClose: () => void }) {
  const queries = useQueryClient();
  const { draft, change, errorOf, fault, isBusy, submit } = useForm({
    initial: draftOf(group),
    fields: GROUP_FIELDS,
    check,
    save: (wish) =>
      group === undefined
        ? api.groups.create(wishOf(wish))
        : api.groups.update({ id: group.id, ...changesOf(group, wish) }),
    onSaved: ({ name }) => {
      toast.say(t(group === undefined ? 'groupAdded' : 'groupSaved', { name }));
      for (const key of ['groups', 'fleet']) void queries.invalidateQueries({ queryKey: [key] });
      onClose();
    },
  });
  const parents = parentsFor(group, useGroups().data ?? []);
  return (
    <Sheet
      isOpen
      title={group === undefined ? t('addGroup') : t('editGroup', { name: group.name })}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={group === undefined ? t('addGroup') : t('save')} isBusy={isBusy} onClose={onClose} />}
    >
      <TextField label={t('name')} value={draft.name} error={errorOf('name')} onText={(name) => change({ name })} />
      {group === undefined && (
        <RadioGroup
          label={t('members')}
          options={[
            { value: 'rule', label: t('byRule'), hint: t('byRuleHint') },
            { value: 'hand', label: t('byHand'), hint: t('byHandHint') },
          ]}
          value={draft.kind}
          onChoose={(kind) => change({ kind })}
        />
      )}
      {draft.kind === 'rule' && (
        <RuleField rule={draft.rule} error={errorOf('rule')} onChange={(rule) => change({ rule })} onSubmit={submit} />
      )}
      <Select
        label={t('narrows')}
        hint={t('narrowsHint')}
        options={[
          { value: WHOLE, label: t('wholeFleet') },
          ...parents.map(({ id, name }) => ({ value: id, label: name })),
        ]}
        value={draft.parentId === '' ? WHOLE : draft.parentId}
        error={errorOf('parentId')}
        onChoose={(id) => change({ parentId: id === WHOLE ? '' : id })}
      />
      <TextArea
        label={t('description')}
        value={draft.description}
        error={errorOf('description')}
        onText={(description) => change({ description })}
      />
      <FormFault text={fault} />
    </Sheet>
  );
}
