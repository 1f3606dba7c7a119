// One notification: what was said, to whom, each attempt, and a way to try once more what was given up.
import { Link } from '@tanstack/react-router';
import { quantityText } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { useNotification, useRetry } from './notify-data.ts';
import { reasonText } from './notify-words.ts';
import { StateMark } from './state-mark.tsx';
import { t } from './text.ts';

export function NotificationSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const read = useNotification(id);
  const retrying = useRetry();
  const data = read.data;
  return (
    <Sheet isOpen title={data?.title ?? t('notification')} onClose={onClose}>
      {data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {data === undefined && !read.isError && <SkeletonRows label={t('reading')} />}
      {data !== undefined && (
        <>
          <KeyValues>
            <KeyValue name={t('state')}>
              <StateMark state={data.state} />
            </KeyValue>
            <KeyValue name={t('reason')}>{reasonText(data.reason)}</KeyValue>
            <KeyValue name={t('contact')}>{data.contactName === '' ? '–' : data.contactName}</KeyValue>
            <KeyValue name={t('channel')}>
              {data.channelName} <span className="text-muted">{data.to}</span>
            </KeyValue>
            <KeyValue name={t('made')}>{fullTime(data.at)}</KeyValue>
            {data.nextAt !== null && <KeyValue name={t('next')}>{fullTime(data.nextAt)}</KeyValue>}
          </KeyValues>
          <pre className="message-text">{data.text}</pre>
          <Attempts log={data.log} />
          <div className="flex flex-wrap gap-2">
            {data.state === 'dead' && (
              <Button
                icon="refresh"
                needs="notification.retry"
                isBusy={retrying.isPending}
                onClick={() => retrying.mutate(id)}
              >
                {t('retry')}
              </Button>
            )}
            {data.incidentId !== null && (
              <Link to="/incidents/$id" params={{ id: data.incidentId }} className="button button-plain">
                {t('toIncident')}
              </Link>
            )}
          </div>
        </>
      )}
    </Sheet>
  );
}

type Log = NonNullable<ReturnType<typeof useNotification>['data']>['log'];

function Attempts({ log }: { log: Log }) {
  return (
    <section>
      <h3 className="section-title mb-1">{t('attempts')}</h3>
      {log.length === 0 && <p className="m-0 text-muted">{t('noAttempts')}</p>}
      <ol className="m-0 grid list-none gap-1 p-0">
        {log.map(({ at, ok, detail, tookMs }) => (
          <li key={at} className="wrap-anywhere">
            <span className={ok ? 'text-up' : 'text-down'}>{t(ok ? 'went' : 'failed')}</span>{' '}
            <span className="text-muted">
              {fullTime(at)}, {quantityText(tookMs, 'ms')}
            </span>
            <div className="text-xs">{detail}</div>
          </li>
        ))}
      </ol>
    </section>
  );
}
