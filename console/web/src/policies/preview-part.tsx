// What a check would have found on one device in the last week: by the code that relays judge with, over readings that were really taken.
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { exactApi } from '#console/web/src/api/api.ts';
import { consoleNow } from '#console/web/src/live/now.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { FaultNote } from '#console/web/src/ui/fault-note.tsx';
import { SkeletonBlock } from '#console/web/src/ui/skeleton.tsx';
import { type Column, Table } from '#console/web/src/ui/table.tsx';
import { DeviceId } from '#shared/base/id.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { CheckEpisode } from '#shared/contract/check-contract.ts';
import type { Check } from '#shared/model/check.ts';
import { severityText } from './check-words.ts';
import { DeviceSearch } from './places-field.tsx';
import { t } from './text.ts';

/** As far back as readings are compared value by value in a moment. */
const SPAN_MS = 7 * 86_400_000;
const MINUTE_MS = 60_000;

// The chart and its engine are fetched by whoever tries a check.
const Chart = lazy(async () => ({ default: (await import('./preview-chart.tsx')).PreviewChart }));

interface Tried {
  device: string;
  from: number;
  to: number;
  answer: Awaited<ReturnType<typeof exactApi.checks.preview>>;
}

/** `check` is undefined while the form has a fault. */
export function CheckPreviewPart({ check }: { check: Check | undefined }) {
  const [device, setDevice] = useState<{ id: string; name: string }>();
  const trying = useMutation({
    mutationFn: async (asked: { device: string; check: Check }): Promise<Tried> => {
      const to = Math.floor(consoleNow() / MINUTE_MS) * MINUTE_MS;
      const span = { from: to - SPAN_MS, to };
      const id = DeviceId.parse(asked.device);
      return {
        device: id,
        ...span,
        answer: await exactApi.checks.preview({ device: id, check: asked.check, ...span }),
      };
    },
  });
  return (
    <section className="form-wide grid gap-2 border-t border-line pt-3">
      <h3 className="m-0 text-base font-semibold">{t('preview')}</h3>
      <p className="m-0 text-muted">{t('previewIntro')}</p>
      <DeviceSearch label={t('previewDevice')} onChoose={setDevice} />
      <div className="flex flex-wrap items-center gap-2">
        <Button
          isBusy={trying.isPending}
          disabled={device === undefined || check === undefined}
          onClick={() => {
            if (device !== undefined && check !== undefined) trying.mutate({ device: device.id, check });
          }}
        >
          {t('previewRun')}
        </Button>
        {device !== undefined && <span className="wrap-anywhere">{inert(device.name)}</span>}
      </div>
      {trying.isError && <FaultNote what={t('previewFault')} error={trying.error} onRetry={() => trying.reset()} />}
      {trying.data !== undefined && <Found tried={trying.data} />}
    </section>
  );
}

function Found({ tried }: { tried: Tried }) {
  const { answer } = tried;
  const [series] = answer.series;
  return (
    <div className="grid gap-2" aria-live="polite">
      <p className="m-0 font-medium">
        {answer.episodes.length === 0 ? t('previewNone') : t('previewTold', { count: answer.notifications })}
      </p>
      {series !== undefined && (
        <Suspense fallback={<SkeletonBlock className="h-56" />}>
          <Chart device={tried.device} name={series} from={tried.from} to={tried.to} episodes={answer.episodes} />
        </Suspense>
      )}
      {answer.episodes.length > 0 && (
        <Table
          caption={t('preview')}
          isCaptionHidden
          className="max-h-72"
          rows={answer.episodes}
          rowKey={({ instance, openedAt }) => `${instance} ${openedAt}`}
          columns={COLUMNS()}
        />
      )}
      {answer.more > 0 && <p className="m-0 text-muted">{t('previewMore', { count: answer.more })}</p>}
    </div>
  );
}

/** Made while rendering: titles are in the language of the page. */
const COLUMNS = (): Array<Column<CheckEpisode>> => [
  { key: 'from', title: t('previewFrom'), cell: ({ since }) => fullTime(since), sortBy: ({ since }) => since },
  {
    ...{ key: 'until', title: t('previewUntil') },
    cell: ({ clearedAt }) => (clearedAt === null ? t('previewStill') : fullTime(clearedAt)),
  },
  { key: 'worst', title: t('previewWorst'), cell: ({ severity }) => severityText(severity) },
  {
    ...{ key: 'value', title: t('previewValue') },
    cell: ({ instance, value, unit }) =>
      [inert(instance), value === null ? '' : `${value} ${unit ?? ''}`].filter((part) => part.trim() !== '').join(': '),
  },
];
