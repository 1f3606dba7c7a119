// What a person may do, right by right, in words; given and taken here.
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { Part } from '#console/web/src/profile/part.tsx';
import { ACTS, Rows } from '#console/web/src/profile/rows.tsx';
import { Button } from '#console/web/src/ui/button.tsx';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import type { Column } from '#console/web/src/ui/table.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { GrantDialog } from './grant-dialog.tsx';
import { overOfGrant, restText, whatText, whenText } from './grant-words.ts';
import { type Grant, type Person, useRereadPeople } from './people-data.ts';
import { t } from './text.ts';

export function GrantsPart({ person }: { person: Person }) {
  const now = useFiveSeconds();
  const [isAdding, setIsAdding] = useState(false);
  const [taking, setTaking] = useState<Grant>();
  return (
    <Part
      title={t('grants')}
      note={t('grantsBody')}
      head={
        <Button isSmall icon="plus" needs="person.grant" onClick={() => setIsAdding(true)}>
          {t('addGrant')}
        </Button>
      }
    >
      {person.grants.length === 0 ? (
        <p className="m-0">{t('noGrants')}</p>
      ) : (
        <Rows caption={t('grants')} columns={columns(now, setTaking)} rows={person.grants} rowKey={({ id }) => id} />
      )}
      {isAdding && <GrantDialog person={person} onClose={() => setIsAdding(false)} />}
      {taking !== undefined && <TakeGrant person={person} grant={taking} onClose={() => setTaking(undefined)} />}
    </Part>
  );
}

const columns = (now: number, onTake: (grant: Grant) => void): Array<Column<Grant>> => [
  {
    key: 'what',
    title: t('what'),
    cell: (grant) => (
      <span className="flex flex-wrap items-center gap-2">
        {grant.effect === 'deny' && <Tag text={t('deny')} tone="down" icon="close" />}
        <span className={grant.role === null ? 'font-mono text-xs wrap-anywhere' : 'font-medium'}>
          {whatText(grant)}
        </span>
      </span>
    ),
  },
  { key: 'over', title: t('over'), cell: (grant) => <span className="wrap-break-word">{overOfGrant(grant)}</span> },
  {
    key: 'when',
    title: t('when'),
    cell: (grant) => {
      const rest = restText(grant, now);
      return (
        <span className="flex flex-wrap items-center gap-2">
          {whenText(grant)}
          {rest !== '' && <Tag text={rest} icon="clock" />}
        </span>
      );
    },
  },
  {
    key: ACTS,
    title: t('takeGrant'),
    className: 'w-px head-quiet',
    cell: (grant) => (
      <Button
        isSmall
        icon="close"
        needs="person.grant"
        aria-label={t('takeGrantOf', { what: whatText(grant) })}
        onClick={() => onTake(grant)}
      >
        {t('takeGrant')}
      </Button>
    ),
  },
];

function TakeGrant({ person, grant, onClose }: { person: Person; grant: Grant; onClose: () => void }) {
  const reread = useRereadPeople();
  const { isBusy, error, run } = useDeed(
    () => api.people.ungrant({ id: person.id, grant: grant.id }),
    () => {
      toast.say(t('taken'));
      onClose();
      return reread();
    },
  );
  return (
    <ConfirmDialog
      isOpen
      title={t('takeGrantTitle')}
      confirmText={t('takeGrant')}
      isBusy={isBusy}
      error={error}
      onClose={onClose}
      onConfirm={run}
    >
      <p>{t('takeGrantBody', { name: person.name, what: whatText(grant), over: overOfGrant(grant) })}</p>
    </ConfirmDialog>
  );
}
