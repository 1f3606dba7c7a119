// The proof of the trail: whether it is whole, the first bad row when it is not, and what each witness says.
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { Rows } from '#console/web/src/profile/rows.tsx';
import { integer } from '#console/web/src/text/format.ts';
import { agoText } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import type { Column } from '#console/web/src/ui/table.tsx';
import { useVerdict, type Verdict } from './audit-data.ts';
import { t } from './text.ts';

type Witness = Verdict['witnesses'][number];

export function VerdictPart({ onHide }: { onHide: () => void }) {
  const read = useVerdict(true);
  return (
    <section className="panel mb-3 p-3" aria-label={t('verdict')}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h2 className="section-title mb-0">{t('verdict')}</h2>
        <div className="flex flex-wrap gap-2">
          <Button isSmall icon="refresh" isBusy={read.isFetching} onClick={() => void read.refetch()}>
            {t('again')}
          </Button>
          <Button isSmall icon="chevron-left" onClick={onHide}>
            {t('hide')}
          </Button>
        </div>
      </div>
      {read.isPending && (
        <div role="status" aria-label={t('verifying')}>
          <SkeletonBlock className="h-40" />
        </div>
      )}
      {read.isError && <FaultNote what={t('verdictNotRead')} error={read.error} onRetry={() => void read.refetch()} />}
      {read.data !== undefined && <Told verdict={read.data} />}
    </section>
  );
}

function Told({ verdict }: { verdict: Verdict }) {
  const now = useFiveSeconds();
  const { ok, rows, firstBadSeq, faults, keyId, checkpoints, witnesses } = verdict;
  const { count, newestSeq, newestAt } = checkpoints;
  return (
    <>
      <p role="status" className={`m-0 flex items-start gap-2 font-medium ${ok ? '' : 'text-down'}`}>
        <Icon name={ok ? 'check' : 'warning'} className={`mt-0.5 ${ok ? 'text-up' : 'text-down'}`} />
        {ok ? t('isWhole', { rows }) : t('isBroken', { seq: integer(firstBadSeq) })}
      </p>
      {!ok && <p className="mt-1 mb-0 max-w-prose">{t('brokenAdvice')}</p>}
      {faults.length > 0 && (
        <>
          <h3 className="mt-3 mb-1 text-xs font-medium text-muted">{t('faults')}</h3>
          <ul className="m-0 grid gap-1 pl-5">
            {faults.map(({ kind, seq, toSeq, text }) => (
              <li key={`${kind} ${seq} ${text}`} className="wrap-anywhere">
                <span className="font-medium">
                  {toSeq === null || toSeq === seq ? t('faultAt', { seq }) : t('faultFrom', { seq, until: toSeq })}
                </span>{' '}
                <span lang="en">{text}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="mt-3">
        <KeyValues>
          <KeyValue name={t('checkpoints')}>
            {newestSeq === null || newestAt === null
              ? t('noCheckpoints')
              : t('checkpointsAre', { count, seq: newestSeq, ago: agoText(newestAt, now) })}
          </KeyValue>
          {keyId !== '' && (
            <KeyValue name={t('auditKey')}>
              <span className="font-mono text-xs">{keyId}</span>
            </KeyValue>
          )}
        </KeyValues>
      </div>
      <h3 className="mt-3 mb-1 text-xs font-medium text-muted">{t('witnesses')}</h3>
      {witnesses.length === 0 ? (
        <p className="m-0 max-w-prose">{t('noWitnesses')}</p>
      ) : (
        <Rows caption={t('witnesses')} columns={columns(now)} rows={witnesses} rowKey={({ relayId }) => relayId} />
      )}
    </>
  );
}

const LOOKS: Readonly<Record<Witness['state'], readonly [IconName, string]>> = {
  agrees: ['check', 'text-up'],
  disagrees: ['warning', 'text-down'],
  away: ['clock', 'text-muted'],
  empty: ['minus', 'text-muted'],
};

const columns = (now: number): Array<Column<Witness>> => [
  {
    key: 'relay',
    title: t('witness'),
    cell: ({ relayName, siteName }) => (
      <span className="wrap-anywhere">
        <span className="font-medium">{relayName}</span> <span className="text-xs text-muted">{siteName}</span>
      </span>
    ),
  },
  {
    key: 'state',
    title: t('witnessState'),
    cell: ({ state, text }) => (
      <>
        <span className="inline-flex items-center gap-1.5">
          <Icon name={LOOKS[state][0]} className={`size-3.5 ${LOOKS[state][1]}`} />
          {t(`witness_${state}`)}
        </span>
        {/* What agrees is told by the columns beside it; the console's own sentence is English on every page. */}
        {state !== 'agrees' && (
          <span lang="en" className="block text-xs wrap-anywhere text-muted">
            {text}
          </span>
        )}
      </>
    ),
  },
  {
    key: 'newest',
    title: t('witnessed'),
    cell: ({ seq, at, held }) =>
      seq === null || at === null ? (
        '–'
      ) : (
        <>
          {t('rowOf', { seq, ago: agoText(at, now) })}
          <span className="block text-xs text-muted">{t('held', { count: held })}</span>
        </>
      ),
  },
];
