// Everybody who may sign in: how each stands, what each may be, and when they were seen last.
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { Rows } from '#console/web/src/profile/rows.tsx';
import { usePageAct } from '#console/web/src/shell/page-act.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { agoText } from '#console/web/src/text/time.ts';
import { Button, LinkButton } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import type { Column } from '#console/web/src/ui/table.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { type Person, usePeople } from './people-data.ts';
import { factorsText, PersonState, RoleTags } from './person-marks.tsx';
import { t } from './text.ts';

export function PeoplePage() {
  usePageTitle(t('title'));
  const now = useFiveSeconds();
  const read = usePeople();
  const [isInviting, setIsInviting] = useState(false);
  const invite = () => setIsInviting(true);
  usePageAct('people.create', invite);
  return (
    <>
      <PageHead title={t('title')}>
        <LinkButton to="/roles" icon="info" needs="role.read">
          {t('toRoles')}
        </LinkButton>
        <Button kind="primary" icon="plus" needs="person.grant" onClick={invite}>
          {t('invite')}
        </Button>
      </PageHead>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data !== undefined && (
        <Rows
          caption={t('title')}
          columns={columns(now)}
          rows={read.data}
          rowKey={({ id }) => id}
          initialSort={{ key: 'name', direction: 'ascending' }}
        />
      )}
      {isInviting && <InviteDialog onClose={() => setIsInviting(false)} />}
    </>
  );
}

const columns = (now: number): Array<Column<Person>> => [
  {
    key: 'name',
    title: t('person'),
    sortBy: ({ name }) => name,
    cell: ({ id, name, isSelf }) => (
      <span className="flex flex-wrap items-center gap-2">
        <Link to="/people/$id" params={{ id }} className="quiet-link font-medium wrap-anywhere">
          {name}
        </Link>
        {isSelf && <Tag text={t('you')} tone="accent" />}
      </span>
    ),
  },
  {
    key: 'status',
    title: t('status'),
    sortBy: ({ disabledAt }) => (disabledAt === null ? 0 : 1),
    cell: (person) => <PersonState person={person} />,
  },
  { key: 'roles', title: t('roles'), cell: (person) => <RoleTags person={person} /> },
  { key: 'factors', title: t('factors'), cell: factorsText },
  {
    key: 'seen',
    title: t('lastSeen'),
    sortBy: ({ lastSeenAt }) => lastSeenAt ?? 0,
    cell: ({ lastSeenAt }) =>
      lastSeenAt === undefined ? '–' : lastSeenAt === null ? t('never') : agoText(lastSeenAt, now),
  },
];
