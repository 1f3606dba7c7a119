// The five devices that have the most of a metric over the span, as a small list with bars.
import { Link } from '@tanstack/react-router';
import type { Window } from '#console/web/src/span/spans.ts';
import { quantityText } from '#console/web/src/text/format.ts';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { metricWords } from './metric-words.ts';
import { useTop } from './metrics-data.ts';
import { t } from './text.ts';
import { ValueBar } from './value-bar.tsx';

const FIVE = 5;

interface TopFiveProps {
  over: string;
  window: Window;
  name: string;
  names: readonly string[];
  onName: (name: string) => void;
}

export function TopFive({ over, window, name, names, onName }: TopFiveProps) {
  const read = useTop({ name, over, window, by: 'avg', limit: FIVE });
  const rows = read.data?.rows ?? [];
  const unit = read.data?.unit ?? '';
  const most = unit === 'ratio' ? 1 : Math.max(...rows.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  return (
    <section className="panel px-3 pt-1.5 pb-3" aria-label={t('topFive')}>
      <div className="mb-2 flex flex-wrap items-center justify-between gap-2">
        <h3 className="m-0 text-sm font-medium">{t('topFive')}</h3>
        <Select
          label={t('metric')}
          isLabelHidden
          value={name}
          options={names.map((one) => ({ value: one, label: metricWords(one) }))}
          onChoose={onName}
        />
      </div>
      {read.data === undefined && read.isError && (
        <FaultNote what={t('loadFault')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data === undefined && read.isPending && <SkeletonBlock className="h-36" />}
      {read.data !== undefined && rows.length === 0 && <p className="m-0 text-muted">{t('nothing')}</p>}
      <ol className="top-five">
        {rows.map(({ device, deviceName, instance, value }) => (
          <li key={`${device} ${instance}`}>
            <span className="min-w-0 truncate" title={`${deviceName} ${instance}`.trim()}>
              <Link
                to="/devices/$id"
                params={{ id: device }}
                search={{ tab: 'charts' }}
                className="quiet-link font-medium"
              >
                {deviceName}
              </Link>
              {instance !== '' && <span className="ml-1.5 text-xs text-muted">{instance}</span>}
            </span>
            <ValueBar share={Math.abs(value) / most}>{quantityText(value, unit)}</ValueBar>
          </li>
        ))}
      </ol>
    </section>
  );
}
