// The tiers of metrics: what each is for, its days, since when, how long it is kept, and its part of all bytes.

import { ValueBar } from '#console/web/src/metrics/value-bar.tsx';
import { integer, quantityText } from '#console/web/src/text/format.ts';
import { dateOf } from '#console/web/src/text/time.ts';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import type { StorageData, TierRow } from './storage-data.ts';
import { t } from './text.ts';
import { DAY_MS } from './words.ts';

export function TiersPart({ storage: { tiers, retention } }: { storage: StorageData }) {
  return (
    <section className="panel p-3" aria-label={t('tiers')}>
      <h2 className="section-title mb-2">{t('tiers')}</h2>
      <Table
        caption={t('tiers')}
        isCaptionHidden
        columns={columnsOf(tiers, retention)}
        rows={tiers}
        rowKey={({ tier }) => tier}
      />
    </section>
  );
}

function keptText(tier: TierRow['tier'], { rawDays, totalsDays, archiveDays }: StorageData['retention']): string {
  switch (tier) {
    case 'open':
      return t('untilSealed');
    case 'hours':
      return t('untilClosed');
    case 'raw':
      return t('keptDays', { count: rawDays });
    case 'days':
      return t('keptDays', { count: totalsDays });
    case 'archive':
      return t('keptDays', { count: archiveDays });
  }
}

function columnsOf(tiers: readonly TierRow[], retention: StorageData['retention']): Array<Column<TierRow>> {
  const all = Math.max(
    1,
    tiers.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  return [
    {
      key: 'tier',
      title: t('tier'),
      cell: ({ tier }) => (
        <>
          <span className="font-medium">{t(`tier_${tier}`)}</span>
          <div className="text-xs text-muted max-sm:hidden">{t(`about_${tier}`)}</div>
        </>
      ),
    },
    {
      key: 'days',
      title: t('days'),
      isNumber: true,
      className: 'hidden sm:table-cell',
      cell: ({ days }) => integer(days),
    },
    {
      key: 'oldest',
      title: t('oldest'),
      className: 'whitespace-nowrap',
      cell: ({ oldestDay }) => (oldestDay === null ? '–' : dateOf(oldestDay * DAY_MS)),
    },
    { key: 'kept', title: t('kept'), className: 'hidden sm:table-cell', cell: ({ tier }) => keptText(tier, retention) },
    {
      key: 'bytes',
      title: t('bytes'),
      isNumber: true,
      className: 'sm:w-1/3',
      cell: ({ bytes }) => <ValueBar share={bytes / all}>{quantityText(bytes, 'bytes')}</ValueBar>,
    },
  ];
}
