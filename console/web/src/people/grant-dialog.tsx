// Gives a right or denies one: a role or single verbs, over a part of the estate, for a time, at certain hours.
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { type Form, useForm } from '#console/web/src/form/use-form.ts';
import { OverField } from '#console/web/src/rights/over-field.tsx';
import { roleText } from '#console/web/src/rights/role-text.ts';
import { VerbChoice } from '#console/web/src/rights/verb-choice.tsx';
import { RadioGroup, Segmented } from '#console/web/src/ui/choice.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { type GrantDraft, type GrantFault, grantAsk, grantFaults, newGrant } from './grant-draft.ts';
import { HoursField } from './hours-field.tsx';
import { type Person, useRereadPeople } from './people-data.ts';
import { ROLES, roleSentence } from './role-words.ts';
import { t } from './text.ts';

const FAULTS = {
  verbs: 'verbsMissing',
  over: 'whichMissing',
  until: 'untilBefore',
  hours: 'spanEmpty',
} as const satisfies Record<GrantFault, string>;

const check = (draft: GrantDraft): Record<string, string> =>
  Object.fromEntries(grantFaults(draft).map((fault) => [fault, t(FAULTS[fault])]));

export function GrantDialog({ person, onClose }: { person: Person; onClose: () => void }) {
  const reread = useRereadPeople();
  const form = useForm({
    initial: newGrant(),
    fields: ['role', 'verbs', 'over', 'from', 'until', 'hours'],
    check,
    save: (draft) => api.people.grant({ id: person.id, grant: grantAsk(draft) }),
    onSaved: () => {
      toast.say(t('granted'));
      void reread();
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      title={t('addGrantTitle', { name: person.name })}
      onClose={onClose}
      onSubmit={form.submit}
      isHeld={form.isBusy}
      footer={<SaveFooter verb={t('addGrant')} isBusy={form.isBusy} onClose={onClose} />}
    >
      <What form={form} />
      <OverField chosen={form.draft.over} error={form.errorOf('over')} onChange={(over) => form.change({ over })} />
      <When form={form} />
      <FormFault text={form.fault} />
    </Dialog>
  );
}

interface OfForm {
  form: Form<GrantDraft>;
}

function What({ form: { draft, change, errorOf } }: OfForm) {
  return (
    <>
      <RadioGroup
        label={t('effect')}
        options={[
          { value: 'allow', label: t('effectAllow') },
          { value: 'deny', label: t('effectDeny') },
        ]}
        value={draft.effect}
        onChoose={(effect) => change({ effect })}
      />
      <Segmented
        label={t('which')}
        options={[
          { value: 'role', label: t('byRole') },
          { value: 'verbs', label: t('byVerbs') },
        ]}
        value={draft.by}
        onChoose={(by) => change({ by })}
      />
      {draft.by === 'role' ? (
        <Select
          label={t('role')}
          hint={roleSentence(draft.role)}
          error={errorOf('role')}
          options={ROLES.map((value) => ({ value, label: roleText(value) }))}
          value={draft.role}
          onChoose={(role) => change({ role })}
        />
      ) : (
        <VerbChoice
          label={t('byVerbs')}
          chosen={draft.verbs}
          error={errorOf('verbs')}
          onChange={(verbs) => change({ verbs })}
        />
      )}
    </>
  );
}

function When({ form: { draft, change, errorOf } }: OfForm) {
  return (
    <>
      <div className="form-grid">
        <TextField
          label={t('from')}
          hint={t('fromHint')}
          type="datetime-local"
          value={draft.from}
          error={errorOf('from')}
          onText={(from) => change({ from })}
        />
        <TextField
          label={t('until')}
          hint={t('untilHint')}
          type="datetime-local"
          value={draft.until}
          error={errorOf('until')}
          onText={(until) => change({ until })}
        />
      </div>
      <HoursField draft={draft} error={errorOf('hours')} onChange={change} />
    </>
  );
}
