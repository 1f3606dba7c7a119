// The metrics explorer: one metric, of whom, over how much time; as the top of a list, as lines of devices, or all together.
import { useMemo } from 'react';
import { usePageTitle } from '#console/web/src/shell/page-title.ts';
import { PageHead } from '#console/web/src/sites/page-head.tsx';
import type { SpanKey } from '#console/web/src/span/spans.ts';
import { TimeBar } from '#console/web/src/span/time-bar.tsx';
import { EmptyState } from '#console/web/src/ui/empty-state.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { TabLink, Tabs } from '#console/web/src/ui/tabs.tsx';
import { useKeys } from '#console/web/src/ui/use-keys.ts';
import './metrics.css';
import { DeviceChoice } from './device-choice.tsx';
import { DevicesView } from './devices-view.tsx';
import { type Explorer, useExplorer } from './explorer.ts';
import { type MetricsView, VIEWS } from './explorer-search.ts';
import { MetricChoice } from './metric-choice.tsx';
import { type MetricEntry, useCatalogue } from './metrics-data.ts';
import { OverChoice } from './over-choice.tsx';
import { SumView } from './sum-view.tsx';
import { t } from './text.ts';
import { TopView } from './top-view.tsx';

/** Sums are made of whole hours. */
const WITHOUT: Readonly<Record<MetricsView, readonly SpanKey[]>> = { top: [], devices: [], sum: ['15m', '1h'] };

export function ExplorerPage() {
  usePageTitle(t('title'));
  const explorer = useExplorer();
  const catalogue = useCatalogue();
  useKeys(
    useMemo(
      () => ({
        '/': {
          run: () => document.querySelector<HTMLElement>('.metrics-choices input')?.focus(),
          what: t('keyMetric'),
        },
      }),
      [],
    ),
  );
  return (
    <>
      <PageHead title={t('title')} />
      {catalogue.data === undefined && catalogue.isError && (
        <FaultNote what={t('catalogueFault')} error={catalogue.error} onRetry={() => void catalogue.refetch()} />
      )}
      {catalogue.data === undefined && catalogue.isPending && (
        <div role="status" aria-label={t('catalogueReading')}>
          <SkeletonBlock className="h-96" />
        </div>
      )}
      {catalogue.data !== undefined && <Explored explorer={explorer} metrics={catalogue.data} />}
    </>
  );
}

function Explored({ explorer, metrics }: { explorer: Explorer; metrics: readonly MetricEntry[] }) {
  const { metric, view, ids, over, time, go } = explorer;
  const isKnown = metrics.some(({ name }) => name === metric);
  return (
    <>
      <Views view={view} />
      <div className="panel metrics-choices mt-3">
        <MetricChoice metrics={metrics} name={metric} onChoose={(name) => go({ metric: name, instance: undefined })} />
        {view === 'devices' ? (
          <DeviceChoice
            ids={ids}
            onChange={(next) => go({ devices: next.length === 0 ? undefined : next.join(',') }, true)}
          />
        ) : (
          <OverChoice over={over} onChoose={(next) => go({ over: next === 'fleet' ? undefined : next }, true)} />
        )}
      </div>
      <TimeBar time={time} without={WITHOUT[view]} />
      {isKnown ? (
        <View explorer={explorer} />
      ) : (
        <EmptyState title={t('noMetric', { name: metric })} body={t('noMetricBody')} />
      )}
    </>
  );
}

const Views = ({ view }: { view: MetricsView }) => (
  <Tabs label={t('views')}>
    {VIEWS.map((one) => (
      <TabLink
        key={one}
        to="/metrics"
        search={(former) => ({ ...former, show: one })}
        resetScroll={false}
        aria-current={one === view ? 'page' : undefined}
      >
        {t(`view_${one}`)}
      </TabLink>
    ))}
  </Tabs>
);

function View({ explorer }: { explorer: Explorer }) {
  switch (explorer.view) {
    case 'devices':
      return <DevicesView explorer={explorer} />;
    case 'sum':
      return <SumView explorer={explorer} />;
    case 'top':
      return <TopView explorer={explorer} />;
  }
}
