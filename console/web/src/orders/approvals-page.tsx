// Orders that wait for a signature: what is asked, by whom, why, and how long it may still be signed. Made for a thumb.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { faultText } from '#console/web/src/api/fault.ts';
import { useSecond } from '#console/web/src/live/now.ts';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { waitingOrdersQuery } from '#console/web/src/shell/waiting-orders.ts';
import { signingFault } from '#console/web/src/signing/passkey-fault.ts';
import { agoText } from '#console/web/src/text/time.ts';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock, SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { inert } from '#shared/base/inert-text.ts';
import { actionLine } from './order-view.tsx';
import { useWaiting, type Waiting } from './orders-data.ts';
import { t } from './text.ts';
import '#console/web/src/signing/signing.css';

export function ApprovalsPage() {
  usePageTitle(t('approvalsTitle'));
  const read = useQuery(waitingOrdersQuery);
  return (
    <>
      <h1 className="mt-0 mb-1 text-xl font-semibold">{t('approvalsTitle')}</h1>
      <p className="mt-0 mb-4 max-w-prose text-muted">{t('approvalsIntro')}</p>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('notRead')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data?.length === 0 && <EmptyState title={t('nothingWaits')} body={t('nothingWaitsBody')} />}
      <ul className="plain-list max-w-2xl">
        {read.data?.map(({ id, createdAt }) => (
          <li key={id}>
            <Card id={id} createdAt={createdAt} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Card({ id, createdAt }: { id: string; createdAt: number }) {
  const read = useWaiting(id);
  if (read.isPending) return <SkeletonBlock className="h-32" />;
  return (
    <Link to="/approvals/$id" params={{ id }} className="order-card text-ink no-underline hover:bg-raised">
      {read.data === undefined ? (
        <>
          <strong className="block font-medium text-down">{t('cannotBeShown')}</strong>
          <span className="block">{read.error === null ? '' : signingFault(read.error) || faultText(read.error)}</span>
        </>
      ) : (
        <CardText waiting={read.data} createdAt={createdAt} />
      )}
    </Link>
  );
}

function CardText({ waiting: { batch, names }, createdAt }: { waiting: Waiting; createdAt: number }) {
  const now = useSecond();
  const [first] = batch.manifests;
  if (first === undefined) return null;
  const targets = batch.manifests.flatMap((manifest) => manifest.targets);
  const some = targets.slice(0, 3).map(({ device }) => names.get(device) ?? device.slice(0, 8));
  const isLate = batch.signBefore < now;
  return (
    <>
      <span className="line-clamp-2 block font-mono text-sm wrap-anywhere">{actionLine(first.action)}</span>
      <span className="mt-1 block wrap-anywhere">
        {t('onDevices', { count: targets.length, names: some.join(', ') + (targets.length > some.length ? ' …' : '') })}
      </span>
      {first.reason !== '' && (
        <span className="block wrap-anywhere">{t('because', { reason: inert(first.reason) })}</span>
      )}
      <span className="mt-1 block text-muted">
        {t('askedBy', {
          names: batch.signedBy.map(({ name }) => inert(name)).join(', '),
          ago: agoText(createdAt, now),
        })}
      </span>
      <span className={`block font-medium ${isLate ? 'text-down' : ''}`}>
        {isLate ? t('tooLate') : t('signBy', { ago: agoText(batch.signBefore, now) })}
      </span>
    </>
  );
}
