// The devices with the most of a metric: a table with a bar beside each value, and the way to see them as lines.
import { Link } from '@tanstack/react-router';
import { MissingNote } from '#console/web/src/span/source-note.tsx';
import { quantityText } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { Select } from '#console/web/src/ui/select.tsx';
import { SkeletonRows } from '#console/web/src/ui/skeleton.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import type { Explorer } from './explorer.ts';
import { BYS, LIMITS, MAX_DEVICES } from './explorer-search.ts';
import { ExportMenu } from './export-menu.tsx';
import { metricWords } from './metric-words.ts';
import { type TopData, useTop } from './metrics-data.ts';
import { topFile } from './shown-file.ts';
import { t } from './text.ts';
import { useParts } from './use-parts.ts';
import { ValueBar } from './value-bar.tsx';

type Row = TopData['rows'][number];

export function TopView({ explorer }: { explorer: Explorer }) {
  const { metric, over, time, by, limit } = explorer;
  const read = useTop({ name: metric, over, window: time.window, by, limit });
  const { missing } = useParts(read.data?.source);
  return (
    <>
      <TopChoices explorer={explorer} rows={read.data?.rows ?? []} />
      {read.data === undefined && read.isError && (
        <FaultNote what={t('rangeFault')} error={read.error} onRetry={() => void read.refetch()} />
      )}
      {read.data === undefined && read.isPending && <SkeletonRows label={t('reading')} />}
      {read.data?.rows.length === 0 && <EmptyState title={t('nothing')} body={t('nothingBody')} />}
      {read.data !== undefined && read.data.rows.length > 0 && (
        <Table
          caption={t('topOf', { metric: metricWords(metric), by: t(`by_${by}`) })}
          isCaptionHidden
          columns={columnsOf(read.data)}
          rows={read.data.rows.map((row, index) => ({ ...row, place: index + 1 }))}
          rowKey={({ device, instance }) => `${device} ${instance}`}
        />
      )}
      <MissingNote window={time.window} missing={missing} />
    </>
  );
}

function TopChoices({ explorer, rows }: { explorer: Explorer; rows: readonly Row[] }) {
  const { metric, by, limit, go } = explorer;
  const found = [...new Set(rows.map(({ device }) => device as string))].slice(0, MAX_DEVICES);
  return (
    <div className="mb-3 flex flex-wrap items-end gap-3">
      <Select
        label={t('by')}
        value={by}
        options={BYS.map((one) => ({ value: one, label: t(`by_${one}`) }))}
        onChoose={(one) => go({ by: one === 'avg' ? undefined : one })}
      />
      <Select
        label={t('limit')}
        value={String(limit)}
        options={LIMITS.map((one) => ({ value: String(one), label: String(one) }))}
        onChoose={(one) => go({ top: Number(one) === LIMITS[0] ? undefined : Number(one) })}
      />
      {found.length > 0 && (
        <Button onClick={() => go({ show: 'devices', devices: found.join(',') })}>
          {t('asLines', { count: found.length })}
        </Button>
      )}
      {rows.length > 0 && (
        <span className="ml-auto">
          <ExportMenu explorer={explorer} file={() => topFile(metric, rows)} />
        </span>
      )}
    </div>
  );
}

function columnsOf({ rows, unit }: TopData): Array<Column<Row & { place: number }>> {
  const most = unit === 'ratio' ? 1 : Math.max(...rows.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  const hasInstances = rows.some(({ instance }) => instance !== '');
  return [
    { key: 'place', title: t('place'), isNumber: true, className: 'w-px', cell: ({ place }) => place },
    {
      key: 'device',
      title: t('device'),
      sortBy: ({ deviceName }) => deviceName,
      cell: ({ device, deviceName, instance }) => (
        <>
          <Link to="/devices/$id" params={{ id: device }} search={{ tab: 'charts' }} className="quiet-link font-medium">
            {deviceName}
          </Link>
          {hasInstances && <div className="text-xs text-muted wrap-anywhere">{instance}</div>}
        </>
      ),
    },
    {
      key: 'site',
      title: t('site'),
      className: 'hidden sm:table-cell',
      sortBy: ({ siteName }) => siteName,
      cell: ({ siteName }) => siteName,
    },
    {
      key: 'value',
      title: t('value'),
      isNumber: true,
      className: 'w-2/5',
      sortBy: ({ value }) => value,
      cell: ({ value, at }) => (
        <span title={fullTime(at)}>
          <ValueBar share={Math.abs(value) / most}>{quantityText(value, unit)}</ValueBar>
        </span>
      ),
    },
  ];
}
