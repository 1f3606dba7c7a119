// The log of notifications: what was told to whom, by which way, and how that went.
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { SeverityShape, severityText } from '#console/web/src/incidents/severity-mark.tsx';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { may } from '#console/web/src/rights/may.ts';
import { fullTime, timeOrDay } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { NotificationSheet } from './notification-sheet.tsx';
import { NOTIFICATION_STATES, type NotificationsSearch } from './notifications-search.ts';
import { type Notification, useContacts, useNotifications } from './notify-data.ts';
import { NotifyFrame } from './notify-frame.tsx';
import { reasonText, stateText } from './notify-words.ts';
import { StateMark } from './state-mark.tsx';
import { t } from './text.ts';

const route = getRouteApi('/shell/notifications');
/** A select has no empty value of its own. */
const ALL = 'all';

export function LogPage() {
  const { state, contact, channel } = route.useSearch();
  const search: NotificationsSearch = {
    ...(state !== undefined && { state }),
    ...(contact !== undefined && { contact }),
    ...(channel !== undefined && { channel }),
  };
  const navigate = useNavigate();
  const onSearch = (next: NotificationsSearch) =>
    void navigate({ to: '/notifications', search: next, replace: true, resetScroll: false });
  return (
    <NotifyFrame view="log">
      <Filters search={search} onSearch={onSearch} />
      <Log search={search} onAll={() => onSearch({})} />
    </NotifyFrame>
  );
}

interface FiltersProps {
  search: NotificationsSearch;
  onSearch: (search: NotificationsSearch) => void;
}

function Filters({ search, onSearch }: FiltersProps) {
  const contacts = useContacts(may('notify.read')).data ?? [];
  const { state: _state, ...withoutState } = search;
  const { contact: _contact, ...withoutContact } = search;
  return (
    <div className="mb-3 flex flex-wrap gap-3">
      <Select
        label={t('state')}
        options={[
          { value: ALL, label: t('allStates') },
          ...NOTIFICATION_STATES.map((one) => ({ value: one as string, label: stateText(one) })),
        ]}
        value={search.state ?? ALL}
        onChoose={(value) => {
          const next = NOTIFICATION_STATES.find((one) => one === value);
          onSearch(next === undefined ? withoutState : { ...search, state: next });
        }}
      />
      {contacts.length > 0 && (
        <Select
          label={t('contact')}
          options={[
            { value: ALL, label: t('everybody') },
            ...contacts.map(({ id, name }) => ({ value: id as string, label: name })),
          ]}
          value={search.contact ?? ALL}
          onChoose={(value) => onSearch(value === ALL ? withoutContact : { ...search, contact: value })}
        />
      )}
    </div>
  );
}

function Log({ search, onAll }: { search: NotificationsSearch; onAll: () => void }) {
  const read = useNotifications(search);
  const now = useFiveSeconds();
  const [shown, setShown] = useState<string>();
  const rows = read.data?.pages.flatMap(({ items }) => items);
  if (rows === undefined && read.isError)
    return <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />;
  if (rows === undefined) return <SkeletonRows label={t('reading')} />;
  if (rows.length === 0)
    return (
      <EmptyState title={t('empty_log')} body={t('emptyBody_log')}>
        {Object.keys(search).length > 0 && <Button onClick={onAll}>{t('showAll')}</Button>}
      </EmptyState>
    );
  return (
    <>
      <Table
        caption={t('title_log')}
        isCaptionHidden
        columns={columnsOf(now, setShown)}
        rows={rows}
        rowKey={({ id }) => id}
      />
      {read.hasNextPage && (
        <div className="mt-3">
          <Button isBusy={read.isFetchingNextPage} onClick={() => void read.fetchNextPage()}>
            {t('earlier')}
          </Button>
        </div>
      )}
      {shown !== undefined && <NotificationSheet id={shown} onClose={() => setShown(undefined)} />}
    </>
  );
}

const columnsOf = (now: number, onShow: (id: string) => void): Array<Column<Notification>> => [
  { key: 'state', title: t('state'), className: 'w-px', cell: ({ state }) => <StateMark state={state} /> },
  {
    key: 'what',
    title: t('what'),
    cell: ({ id, title, severity, reason, contactName, channelName, error }) => (
      <>
        <button type="button" className="log-title" onClick={() => onShow(id)}>
          <span title={severityText(severity)}>
            <SeverityShape severity={severity} />
            <span className="sr-only">{severityText(severity)}</span>
          </span>
          <span className="wrap-anywhere">{title}</span>
        </button>
        <div className="text-xs text-muted wrap-anywhere">
          {reasonText(reason)}
          <span className="md:hidden">, {contactName === '' ? channelName : contactName}</span>
        </div>
        {error !== null && <div className="text-xs text-down wrap-anywhere">{error}</div>}
      </>
    ),
  },
  {
    key: 'who',
    title: t('whom'),
    className: 'hidden md:table-cell',
    cell: ({ contactName, channelName, to }) => (
      <>
        <span className="wrap-anywhere">{contactName === '' ? channelName : contactName}</span>
        <div className="text-xs text-muted wrap-anywhere">{contactName === '' ? to : `${channelName} ${to}`}</div>
      </>
    ),
  },
  {
    key: 'at',
    title: t('made'),
    className: 'whitespace-nowrap',
    cell: ({ at, attempts }) => (
      <>
        <time title={fullTime(at)}>{timeOrDay(at, now)}</time>
        {attempts > 1 && <div className="text-xs text-muted">{t('attemptsCount', { count: attempts })}</div>}
      </>
    ),
  },
];
