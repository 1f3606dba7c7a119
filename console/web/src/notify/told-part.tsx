// Of one incident: who was told, by which way, and why somebody was told or not.
import { useState } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { may } from '#console/web/src/rights/may.ts';
import { fullTime, timeOrDay } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { NotificationSheet } from './notification-sheet.tsx';
import { type Notification, useContacts, useTold, useWhy } from './notify-data.ts';
import { reasonText } from './notify-words.ts';
import { StateMark } from './state-mark.tsx';
import { t } from './text.ts';
import { VerdictList } from './verdict-list.tsx';
import './notify.css';

/** A select has no empty value of its own. */
const EVERYBODY = 'everybody';

export function ToldPart({ incidentId, toldAt }: { incidentId: string; toldAt: number | null }) {
  const read = useTold(incidentId);
  const [shown, setShown] = useState<string>();
  const [isAsking, setIsAsking] = useState(false);
  const now = useFiveSeconds();
  return (
    <section className="panel p-3" aria-label={t('told')}>
      <h2 className="section-title mb-2 flex items-center justify-between gap-2">
        {t('told')}
        <Button kind="quiet" isSmall aria-expanded={isAsking} onClick={() => setIsAsking(!isAsking)}>
          {t('why')}
        </Button>
      </h2>
      {toldAt !== null && <p className="mt-0 mb-2">{t('toldByRelay', { time: timeOrDay(toldAt, now) })}</p>}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.isError && read.data === undefined && <p className="m-0 text-muted">{t('notRead')}</p>}
      {read.data?.length === 0 && <p className="m-0 text-muted">{t('nobodyTold')}</p>}
      <ul className="told-list">
        {read.data?.map((notification) => (
          <li key={notification.id}>
            <Line notification={notification} now={now} onShow={() => setShown(notification.id)} />
          </li>
        ))}
      </ul>
      {isAsking && <Why incidentId={incidentId} />}
      {shown !== undefined && <NotificationSheet id={shown} onClose={() => setShown(undefined)} />}
    </section>
  );
}

interface LineProps {
  notification: Notification;
  now: number;
  onShow: () => void;
}

function Line({ notification, now, onShow }: LineProps) {
  const { at, reason, contactName, channelName, to, error } = notification;
  const way = contactName === '' ? to : channelName;
  return (
    <button type="button" className="told-line" onClick={onShow}>
      <StateMark state={notification.state} />
      <span className="min-w-0 wrap-anywhere">
        <span className="font-medium">{contactName === '' ? channelName : contactName}</span>{' '}
        <span className="text-muted">{[way, reasonText(reason)].filter((part) => part !== '').join(', ')}</span>
        {error !== null && <span className="block text-xs text-down">{error}</span>}
      </span>
      <time className="text-xs text-muted" title={fullTime(at)}>
        {timeOrDay(at, now)}
      </time>
    </button>
  );
}

function Why({ incidentId }: { incidentId: string }) {
  const [contact, setContact] = useState<string>(EVERYBODY);
  const contacts = useContacts(may('notify.read')).data ?? [];
  const read = useWhy(incidentId, contact === EVERYBODY ? undefined : contact);
  return (
    <div className="mt-3 grid gap-2 border-t border-line pt-3">
      {contacts.length > 0 && (
        <Select
          label={t('whyWho')}
          options={[
            { value: EVERYBODY, label: t('everybody') },
            ...contacts.map(({ id, name }) => ({ value: id as string, label: name })),
          ]}
          value={contact}
          onChoose={setContact}
        />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.isError && <p className="m-0 text-muted">{t('notRead')}</p>}
      {read.data !== undefined && <VerdictList verdicts={read.data} />}
    </div>
  );
}
