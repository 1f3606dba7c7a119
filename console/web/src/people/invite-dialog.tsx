// Invites somebody: a name, a first role over a part of the estate, and the link, shown once.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { useForm } from '#console/web/src/form/use-form.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { OverField } from '#console/web/src/rights/over-field.tsx';
import { type ChosenOver, EVERYTHING, overOf } from '#console/web/src/rights/over-words.ts';
import { roleText } from '#console/web/src/rights/role-text.ts';
import { timeOrDay } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { CopyBox } from '#console/web/src/ui/copy-box.tsx';
import { Dialog } from '#console/web/src/ui/dialog.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { useRereadPeople } from './people-data.ts';
import { ROLES, type RoleName } from './role-words.ts';
import { t } from './text.ts';

interface Draft {
  name: string;
  role: RoleName | 'none';
  over: ChosenOver;
}

/** A link, and when it ends. */
export interface Invitation {
  url: string;
  expiresAt: number;
}

const INITIAL: Draft = { name: '', role: 'viewer', over: EVERYTHING };

function check({ name, role, over }: Draft): Record<string, string> {
  const faults: Record<string, string> = {};
  if (name.trim() === '') faults['name'] = t('nameMissing');
  if (role !== 'none' && overOf(over) === undefined) faults['over'] = t('whichMissing');
  return faults;
}

function grantsOf({ role, over }: Draft) {
  const chosen = overOf(over);
  return role === 'none' || chosen === undefined ? [] : [{ role, over: chosen }];
}

export function InviteDialog({ onClose }: { onClose: () => void }) {
  const reread = useRereadPeople();
  const [made, setMade] = useState<{ name: string; invitation: Invitation }>();
  const { draft, change, errorOf, fault, isBusy, submit } = useForm({
    initial: INITIAL,
    fields: ['name', 'over'],
    check,
    save: (wish) => api.people.create({ name: wish.name.trim(), grants: grantsOf(wish) }),
    onSaved: ({ person, invitation }) => {
      setMade({ name: person.name, invitation });
      void reread();
    },
  });
  if (made !== undefined) return <LinkDialog {...made} onClose={onClose} />;
  return (
    <Dialog
      isOpen
      size="small"
      title={t('inviteTitle')}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('makeLink')} isBusy={isBusy} onClose={onClose} />}
    >
      <p>{t('inviteBody')}</p>
      <TextField
        label={t('name')}
        hint={t('nameHint')}
        value={draft.name}
        maxLength={120}
        error={errorOf('name')}
        onText={(name) => change({ name })}
      />
      <Select
        label={t('role')}
        options={[
          ...ROLES.map((value) => ({ value, label: roleText(value) })),
          { value: 'none' as const, label: t('noRoleYet') },
        ]}
        value={draft.role}
        onChoose={(role) => change({ role })}
      />
      {draft.role !== 'none' && (
        <OverField chosen={draft.over} error={errorOf('over')} onChange={(over) => change({ over })} />
      )}
      <FormFault text={fault} />
    </Dialog>
  );
}

interface LinkDialogProps {
  name: string;
  invitation: Invitation;
  onClose: () => void;
}

/** Held: a press beside it would lose what is shown only once. */
export function LinkDialog({ name, invitation, onClose }: LinkDialogProps) {
  return (
    <Dialog
      isOpen
      isHeld
      title={t('linkTitle', { name })}
      onClose={onClose}
      footer={
        <Button kind="primary" onClick={onClose}>
          {t('close')}
        </Button>
      }
    >
      <p>{t('linkBody', { name, time: timeOrDay(invitation.expiresAt, consoleNow()) })}</p>
      <CopyBox label={t('link')} text={invitation.url} />
    </Dialog>
  );
}
