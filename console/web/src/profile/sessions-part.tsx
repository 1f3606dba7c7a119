// Browsers that are signed in, one's own or those of somebody else; each can be ended, and all others at once.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '#console/web/src/api/api.ts';
import { useDeed } from '#console/web/src/form/use-deed.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { agoText, fullTime } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { ConfirmDialog } from '#console/web/src/ui/dialog.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import type { Column } from '#console/web/src/ui/table.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { toast } from '#console/web/src/ui/toast.ts';
import { agentText } from './agent-text.ts';
import { Part } from './part.tsx';
import { ACTS, Rows } from './rows.tsx';
import { t } from './text.ts';

type Session = Awaited<ReturnType<typeof api.session.list>>['items'][number];

/** Somebody else's; one's own without. */
export interface Whose {
  person?: { id: string; name: string };
}

const ofPerson = ({ person }: Whose) => (person === undefined ? {} : { person: person.id });
const keyOf = ({ person }: Whose) => ['sessions', person?.id ?? 'own'];
/** Sessions come and go by themselves; the feed does not tell of them. */
const REREAD_MS = 15_000;

export function SessionsPart(whose: Whose) {
  const now = useFiveSeconds();
  const queries = useQueryClient();
  const [isAsking, setIsAsking] = useState(false);
  const read = useQuery({
    queryKey: keyOf(whose),
    queryFn: async ({ signal }) => (await api.session.list(ofPerson(whose), { signal })).items,
    refetchInterval: REREAD_MS,
  });
  const end = async ({ id }: Session) => {
    try {
      await api.session.end({ id });
      toast.say(t('sessionEnded'));
    } catch (error) {
      toast.fault(error);
    }
    await queries.invalidateQueries({ queryKey: keyOf(whose) });
  };
  const others = read.data?.filter(({ isCurrent }) => !isCurrent) ?? [];
  return (
    <Part
      title={t('sessions')}
      note={t('sessionsBody')}
      head={
        others.length > 0 && (
          <Button isSmall icon="close" needs="session.end" onClick={() => setIsAsking(true)}>
            {t(whose.person === undefined ? 'endOthers' : 'endAll')}
          </Button>
        )
      }
    >
      {read.isPending && <SkeletonBlock className="h-24" />}
      {read.data === undefined && read.isError && (
        <FaultNote what={t('sessionsNotRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data?.length === 0 && <p className="m-0">{t('noSessions')}</p>}
      {read.data !== undefined && read.data.length > 0 && (
        <Rows
          caption={t('sessions')}
          columns={columns(now, (session) => void end(session))}
          rows={read.data}
          rowKey={({ id }) => id}
        />
      )}
      {isAsking && <EndAll {...whose} onClose={() => setIsAsking(false)} />}
    </Part>
  );
}

const WAYS = ['link', 'invite', 'password', 'recovery', 'passkey', 'oidc'] as const;

function wayText(via: string): string {
  const way = WAYS.find((one) => one === via);
  return way === undefined ? t('via_other', { way: via }) : t(`via_${way}`);
}

const columns = (now: number, onEnd: (session: Session) => void): Array<Column<Session>> => [
  {
    key: 'session',
    title: t('session'),
    cell: ({ agent, via, isCurrent }) => (
      <span className="flex flex-wrap items-center gap-x-2">
        <span className="font-medium wrap-anywhere" title={agent ?? undefined}>
          {agentText(agent)}
        </span>
        {isCurrent && <Tag text={t('thisOne')} tone="accent" />}
        <span className="text-xs text-muted">{wayText(via)}</span>
      </span>
    ),
  },
  { key: 'since', title: t('since'), cell: ({ createdAt }) => fullTime(createdAt) },
  { key: 'seen', title: t('lastSeen'), cell: ({ lastSeenAt }) => agoText(lastSeenAt, now) },
  { key: 'ends', title: t('ends'), cell: ({ expiresAt }) => agoText(expiresAt, now) },
  { key: 'from', title: t('from'), cell: ({ address }) => address ?? '–' },
  {
    key: ACTS,
    title: t('endSession'),
    className: 'w-px head-quiet',
    cell: (session) =>
      // One leaves by signing out.
      !session.isCurrent && (
        <Button
          isSmall
          needs="session.end"
          aria-label={t('endSessionOf', { name: agentText(session.agent) })}
          onClick={() => onEnd(session)}
        >
          {t('endSession')}
        </Button>
      ),
  },
];

function EndAll({ person, onClose }: Whose & { onClose: () => void }) {
  const queries = useQueryClient();
  const whose = person === undefined ? {} : { person };
  const { isBusy, error, run } = useDeed(
    () => api.session.endAll(ofPerson(whose)),
    ({ ended }) => {
      toast.say(t('sessionsEnded', { count: ended }));
      onClose();
      return queries.invalidateQueries({ queryKey: keyOf(whose) });
    },
  );
  return (
    <ConfirmDialog
      isOpen
      title={person === undefined ? t('endOthersTitle') : t('endAllTitle', { name: person.name })}
      confirmText={t(person === undefined ? 'endOthers' : 'endAll')}
      isBusy={isBusy}
      error={error}
      onClose={onClose}
      onConfirm={run}
    >
      <p>{t('endOthersBody')}</p>
    </ConfirmDialog>
  );
}
