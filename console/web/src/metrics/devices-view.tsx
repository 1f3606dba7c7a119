// One metric of the chosen devices, a line each.
import { useMemo } from 'react';
import { TimeSeries } from '#console/web/src/chart/time-series.tsx';
import { SourceNote } from '#console/web/src/span/source-note.tsx';
import { Button } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import type { Explorer } from './explorer.ts';
import { ExportMenu } from './export-menu.tsx';
import { deviceLines } from './metric-lines.ts';
import { metricWords, topOfUnit } from './metric-words.ts';
import { type RangeData, useRange } from './metrics-data.ts';
import { linesFile } from './shown-file.ts';
import { t } from './text.ts';
import { useParts } from './use-parts.ts';

/** "sda2" before "sda10". */
const natural = new Intl.Collator('en', { numeric: true });
/** A third of a desk's height: many lines need room between them. */
const HEIGHT_PX = 320;
/** Lines of many devices are said to be as fine as a usual poll. */
export const USUAL_INTERVAL_MS = 60_000;

export function DevicesView({ explorer }: { explorer: Explorer }) {
  const { ids, metric, search, time, go } = explorer;
  const read = useRange({ devices: ids, name: metric, instance: search.instance, window: time.window });
  if (ids.length === 0)
    return (
      <EmptyState title={t('noDevices')} body={t('noDevicesBody')}>
        <Button kind="primary" onClick={() => go({ show: undefined })}>
          {t('toTop')}
        </Button>
      </EmptyState>
    );
  if (read.data === undefined && read.isError)
    return <FaultNote what={t('rangeFault')} error={read.error} onRetry={() => void read.refetch()} />;
  if (read.data === undefined)
    return (
      <div role="status" aria-label={t('reading')}>
        <SkeletonBlock className="h-96" />
      </div>
    );
  return <Lines explorer={explorer} data={read.data} />;
}

function Lines({ explorer, data }: { explorer: Explorer; data: RangeData }) {
  const { ids, metric, time } = explorer;
  const { lines, more } = useMemo(() => deviceLines(data.lines, ids), [data, ids]);
  const { missing, stretches } = useParts(data.source);
  const unit = data.lines[0]?.unit ?? '';
  if (lines.length === 0) return <EmptyState title={t('nothing')} body={t('nothingBody')} />;
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center justify-end gap-2">
        <InstanceChoice explorer={explorer} data={data} />
        <ExportMenu explorer={explorer} file={() => linesFile(metric, data.lines)} />
      </div>
      <TimeSeries
        title={metricWords(metric)}
        unit={unit}
        lines={lines}
        from={data.part.from}
        to={data.part.to}
        fixedTop={topOfUnit(unit)}
        stretches={stretches}
        onZoom={time.onZoom}
        height={HEIGHT_PX}
      />
      {more > 0 && <p className="source-note">{t('drawn', { count: lines.length, more })}</p>}
      <SourceNote window={time.window} read={data} intervalMs={USUAL_INTERVAL_MS} missing={missing} />
    </>
  );
}

/** Of disks, interfaces and filesystems: all, or one that several devices have. */
function InstanceChoice({ explorer: { search, go }, data }: { explorer: Explorer; data: RangeData }) {
  const found = new Set([
    ...data.lines.map(({ instance }) => instance),
    ...(search.instance === undefined ? [] : [search.instance]),
  ]);
  const instances = [...found].filter((one) => one !== '').sort(natural.compare);
  if (instances.length < 2 && search.instance === undefined) return null;
  return (
    <span className="w-44 max-w-full">
      <Select
        label={t('instance')}
        isLabelHidden
        value={search.instance === undefined ? 'all' : `one ${search.instance}`}
        options={[
          { value: 'all', label: t('allInstances') },
          ...instances.map((instance) => ({ value: `one ${instance}`, label: instance })),
        ]}
        onChoose={(value) => go({ instance: value === 'all' ? undefined : value.slice('one '.length) })}
      />
    </span>
  );
}
