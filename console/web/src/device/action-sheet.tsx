// What an order did on this device: its state, its exit code and all it printed, as text.
import { Link } from '@tanstack/react-router';
import { actionText, stateText } from '#console/web/src/happening/words.ts';
import { quantityText } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { KeyValue, KeyValues } from '#console/web/src/ui/key-values.tsx';
import { Sheet } from '#console/web/src/ui/sheet.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { useAction } from './device-data.ts';
import { t } from './text.ts';

interface ActionSheetProps {
  /** Undefined while the sheet is closed. */
  action: string | undefined;
  device: string;
  onClose: () => void;
}

export function ActionSheet({ action, device, onClose }: ActionSheetProps) {
  const read = useAction(action);
  const outcome = read.data?.outcomes.find(({ deviceId }) => deviceId === device);
  return (
    <Sheet
      isOpen={action !== undefined}
      title={read.data === undefined ? t('output') : actionText(read.data.name)}
      onClose={onClose}
    >
      {read.isError && <FaultNote what={t('actionFault')} error={read.error} onRetry={() => void read.refetch()} />}
      {read.isPending && action !== undefined && <SkeletonRows label={t('reading')} />}
      {outcome !== undefined && (
        <>
          <KeyValues>
            <KeyValue name={t('outcome')}>{stateText(outcome.state)}</KeyValue>
            <KeyValue name={t('startedAt')}>{outcome.startedAt === null ? '–' : fullTime(outcome.startedAt)}</KeyValue>
            <KeyValue name={t('took')}>
              {outcome.startedAt === null || outcome.finishedAt === null
                ? '–'
                : quantityText(outcome.finishedAt - outcome.startedAt, 'ms')}
            </KeyValue>
            <KeyValue name={t('exit')}>{outcome.exitCode ?? outcome.signal ?? '–'}</KeyValue>
          </KeyValues>
          {outcome.detail !== null && <p className="wrap-anywhere">{outcome.detail}</p>}
          <Printed title={t('stdout')} text={outcome.stdout} />
          <Printed title={t('stderr')} text={outcome.stderr} />
          {outcome.isTruncated && <p className="text-xs text-changed">{t('outputCut')}</p>}
        </>
      )}
      {read.data !== undefined && (
        <p>
          <Link to="/orders/$id" params={{ id: read.data.id }}>
            {t('toOrder')}
          </Link>
        </p>
      )}
    </Sheet>
  );
}

function Printed({ title, text }: { title: string; text: string | null }) {
  if (text === null || text === '') return null;
  return (
    <section>
      <h3 className="section-title mt-3 mb-1">{title}</h3>
      <pre className="printed">{text}</pre>
    </section>
  );
}
