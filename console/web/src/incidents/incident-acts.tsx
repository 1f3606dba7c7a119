// What one does about an incident: take it, end it, be silent, give it to somebody, write something down. Made for a thumb.
import { useState } from 'react';
import { Button } from '#console/web/src/ui/button.tsx';
import { Menu } from '#console/web/src/ui/menu.tsx';
import { AssignDialog } from './assign-dialog.tsx';
import { isOpen } from './incident-words.ts';
import { type Act, type IncidentDetail, useAct } from './incidents-data.ts';
import { NoteDialog } from './note-dialog.tsx';
import { SNOOZES, snoozeText } from './snooze.ts';
import { t } from './text.ts';

export function IncidentActs({ incident }: { incident: IncidentDetail }) {
  const { id, state, snoozedUntil } = incident;
  const acting = useAct();
  const [open, setOpen] = useState<'note' | 'assign'>();
  const run = (act: Act) => acting.mutate({ act, subjects: { incidents: [id] } });
  const busyWith = acting.isPending ? acting.variables.act.act : undefined;
  const isLive = isOpen(incident);
  const close = () => setOpen(undefined);
  return (
    <div className="incident-buttons">
      {isLive && state !== 'acknowledged' && (
        <Button
          kind="primary"
          icon="check"
          needs="alert.write"
          isBusy={busyWith === 'acknowledge'}
          onClick={() => run({ act: 'acknowledge' })}
        >
          {t('acknowledge')}
        </Button>
      )}
      {isLive ? (
        <Button needs="alert.write" isBusy={busyWith === 'resolve'} onClick={() => run({ act: 'resolve' })}>
          {t('resolve')}
        </Button>
      ) : (
        <Button needs="alert.write" isBusy={busyWith === 'reopen'} onClick={() => run({ act: 'reopen' })}>
          {t('reopen')}
        </Button>
      )}
      {isLive && <Snooze isSnoozed={snoozedUntil !== null} onSnooze={run} />}
      <Button icon="people" needs="alert.write" onClick={() => setOpen('assign')}>
        {t('assign')}
      </Button>
      <Button icon="edit" needs="alert.write" onClick={() => setOpen('note')}>
        {t('writeNote')}
      </Button>
      {open === 'note' && <NoteDialog subjects={{ incidents: [id] }} onClose={close} />}
      {open === 'assign' && (
        <AssignDialog subjects={{ incidents: [id] }} assignee={incident.assignee?.id ?? null} onClose={close} />
      )}
    </div>
  );
}

function Snooze({ isSnoozed, onSnooze }: { isSnoozed: boolean; onSnooze: (act: Act) => void }) {
  const wake = {
    key: 'wake',
    text: t('wake'),
    needs: 'alert.write',
    isFirstOfGroup: true,
    onSelect: () => onSnooze({ act: 'snooze' }),
  };
  return (
    <Menu
      button={{ text: t('snooze'), icon: 'clock' }}
      items={[
        ...SNOOZES.map((forMs) => ({
          key: String(forMs),
          text: snoozeText(forMs),
          needs: 'alert.write',
          onSelect: () => onSnooze({ act: 'snooze', forMs }),
        })),
        ...(isSnoozed ? [wake] : []),
      ]}
    />
  );
}
