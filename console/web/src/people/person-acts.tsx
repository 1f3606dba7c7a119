// What can be done with a person as a whole: rename, invite again, disable, enable, remove.
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { FormFault } from '#console/web/src/form/form-fault.tsx';
import { SaveFooter } from '#console/web/src/form/save-footer.tsx';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { useForm } from '#console/web/src/form/use-form.ts';
import { ConfirmDialog, Dialog } from '#console/web/src/ui/dialog.tsx';
import { Menu, type MenuItem } from '#console/web/src/ui/menu.tsx';
import { TextField } from '#console/web/src/ui/text-field.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { type Invitation, LinkDialog } from './invite-dialog.tsx';
import { type Person, useRereadPeople } from './people-data.ts';
import { t } from './text.ts';

type Open = 'rename' | 'invite' | 'disable' | 'enable' | 'remove';

interface OfPerson {
  person: Person;
  onClose: () => void;
}

export function PersonMenu({ person }: { person: Person }) {
  const [open, setOpen] = useState<Open>();
  const close = () => setOpen(undefined);
  const items: MenuItem[] = [
    { key: 'rename', text: t('rename'), icon: 'edit', needs: 'person.write', onSelect: () => setOpen('rename') },
    { key: 'invite', text: t('inviteAgain'), icon: 'link', needs: 'person.write', onSelect: () => setOpen('invite') },
    person.disabledAt === null
      ? { key: 'disable', text: t('disable'), icon: 'lock', needs: 'person.write', onSelect: () => setOpen('disable') }
      : { key: 'enable', text: t('enable'), icon: 'check', needs: 'person.write', onSelect: () => setOpen('enable') },
    {
      key: 'remove',
      text: t('remove'),
      icon: 'trash',
      needs: 'person.remove',
      isDanger: true,
      isFirstOfGroup: true,
      onSelect: () => setOpen('remove'),
    },
  ];
  return (
    <>
      <Menu isAtEnd button={{ text: t('actions') }} items={items} />
      {open === 'rename' && <Rename person={person} onClose={close} />}
      {open === 'invite' && <InviteAgain person={person} onClose={close} />}
      {(open === 'disable' || open === 'enable') && <Enabling person={person} onClose={close} />}
      {open === 'remove' && <Remove person={person} onClose={close} />}
    </>
  );
}

function Rename({ person, onClose }: OfPerson) {
  const reread = useRereadPeople();
  const { draft, change, errorOf, fault, isBusy, submit } = useForm({
    initial: { name: person.name },
    fields: ['name'],
    check: ({ name }): Record<string, string> => (name.trim() === '' ? { name: t('nameMissing') } : {}),
    save: ({ name }) => api.people.update({ id: person.id, name: name.trim() }),
    onSaved: ({ name }) => {
      toast.say(t('renamed', { name }));
      void reread();
      onClose();
    },
  });
  return (
    <Dialog
      isOpen
      size="small"
      title={t('renameTitle', { name: person.name })}
      onClose={onClose}
      onSubmit={submit}
      isHeld={isBusy}
      footer={<SaveFooter verb={t('save')} isBusy={isBusy} onClose={onClose} />}
    >
      <TextField
        label={t('name')}
        value={draft.name}
        maxLength={120}
        error={errorOf('name')}
        onText={(name) => change({ name })}
      />
      <FormFault text={fault} />
    </Dialog>
  );
}

function InviteAgain({ person: { id, name }, onClose }: OfPerson) {
  const [invitation, setInvitation] = useState<Invitation>();
  const { isBusy, error, run } = useDeed(() => api.people.invite({ id }), setInvitation);
  if (invitation !== undefined) return <LinkDialog name={name} invitation={invitation} onClose={onClose} />;
  return (
    <ConfirmDialog
      isOpen
      isDanger={false}
      title={t('inviteAgainTitle', { name })}
      confirmText={t('makeLink')}
      isBusy={isBusy}
      error={error}
      onClose={onClose}
      onConfirm={run}
    >
      <p>{t('inviteAgainBody', { name })}</p>
    </ConfirmDialog>
  );
}

/** Disabling is asked for; enabling takes nothing from anybody, and is asked for in the same place. */
function Enabling({ person: { id, name, disabledAt }, onClose }: OfPerson) {
  const reread = useRereadPeople();
  const isDisabled = disabledAt === null;
  const { isBusy, error, run } = useDeed(
    () => api.people.update({ id, isDisabled }),
    () => {
      toast.say(t(isDisabled ? 'wasDisabled' : 'wasEnabled', { name }));
      onClose();
      return reread();
    },
  );
  return (
    <ConfirmDialog
      isOpen
      isDanger={isDisabled}
      title={isDisabled ? t('disableTitle', { name }) : `${t('enable')}: ${name}`}
      confirmText={t(isDisabled ? 'disable' : 'enable')}
      isBusy={isBusy}
      error={error}
      onClose={onClose}
      onConfirm={run}
    >
      {isDisabled && <p>{t('disableBody')}</p>}
    </ConfirmDialog>
  );
}

function Remove({ person: { id, name, grants }, onClose }: OfPerson) {
  const reread = useRereadPeople();
  const navigate = useNavigate();
  const { isBusy, error, run } = useDeed(
    () => api.people.remove({ id }),
    async () => {
      toast.say(t('wasRemoved', { name }));
      await navigate({ to: '/people' });
      return reread();
    },
  );
  return (
    <ConfirmDialog
      isOpen
      title={t('removeTitle', { name })}
      confirmText={t('remove')}
      word={name}
      isBusy={isBusy}
      error={error}
      onClose={onClose}
      onConfirm={run}
    >
      <p>{t('removeBody')}</p>
      <ul className="m-0 pl-5">
        <li>{t('removeGrants', { count: grants.length })}</li>
        <li>{t('removeSessions')}</li>
        <li>{t('removeTokens')}</li>
        <li>{t('removeFactors')}</li>
      </ul>
      <p>{t('removeKept')}</p>
    </ConfirmDialog>
  );
}
