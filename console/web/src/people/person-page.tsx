// One person: how they stand, what they may do and why, where they are signed in, and their tokens.
import { getRouteApi, Link } from '@tanstack/react-router';
import { isMissing } from '#console/web/src/api/fault.ts';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { SessionsPart } from '#console/web/src/profile/sessions-part.tsx';
import { TokensPart } from '#console/web/src/profile/tokens-part.tsx';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import { agoText, dateOf } from '#console/web/src/text/time.ts';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { Tag } from '#console/web/src/ui/tag.tsx';
import { GrantsPart } from './grants-part.tsx';
import { type Person, usePerson } from './people-data.ts';
import { PersonMenu } from './person-acts.tsx';
import { factorsText, PersonState } from './person-marks.tsx';
import { t } from './text.ts';
import { WhyPart } from './why-part.tsx';

const route = getRouteApi('/shell/people/$id');

export function PersonPage() {
  const { id } = route.useParams();
  const read = usePerson(id);
  usePageTitle(read.data?.name ?? t('person'));
  if (read.data !== undefined) return <Detail person={read.data} />;
  if (isMissing(read.error))
    return (
      <EmptyState title={t('noPerson')} body={t('noPersonBody')}>
        <Link to="/people">{t('toPeople')}</Link>
      </EmptyState>
    );
  if (read.isError) return <FaultNote what={t('notReadOne')} error={read.error} onRetry={() => void read.refetch()} />;
  return (
    <div role="status" aria-label={t('reading')}>
      <SkeletonBlock className="mb-4 h-14" />
      <SkeletonBlock className="h-72" />
    </div>
  );
}

function Detail({ person }: { person: Person }) {
  return (
    <>
      <PageHead
        title={
          <>
            {person.name}
            {person.isSelf && <Tag text={t('you')} tone="accent" />}
          </>
        }
        note={<Link to="/people">{t('toPeople')}</Link>}
      >
        <PersonMenu person={person} />
      </PageHead>
      <div className="grid grid-cols-1 gap-3">
        <Standing person={person} />
        <GrantsPart person={person} />
        <WhyPart key={person.id} person={person} />
        <SessionsPart person={person} />
        <TokensPart person={person} />
      </div>
    </>
  );
}

function Standing({ person }: { person: Person }) {
  const now = useFiveSeconds();
  const { disabledAt, lastSeenAt, createdAt } = person;
  return (
    <section className="panel p-3" aria-label={t('status')}>
      <KeyValues>
        <KeyValue name={t('status')}>
          <PersonState person={person} />
        </KeyValue>
        {disabledAt !== null && (
          <KeyValue name={t('disabled')}>{t('disabledSince', { date: dateOf(disabledAt) })}</KeyValue>
        )}
        <KeyValue name={t('factors')}>{factorsText(person)}</KeyValue>
        {lastSeenAt !== undefined && (
          <KeyValue name={t('lastSeen')}>{lastSeenAt === null ? t('never') : agoText(lastSeenAt, now)}</KeyValue>
        )}
        <KeyValue name={t('person')}>{t('since', { date: dateOf(createdAt) })}</KeyValue>
      </KeyValues>
    </section>
  );
}
