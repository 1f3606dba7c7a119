// The devices that need a look first, and why each is among them.
import { Link } from '@tanstack/react-router';
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { quantityText, shortDuration } from '#console/web/src/text/format.ts';
import { fullTime } from '#console/web/src/text/time.ts';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import { STATUS_COLOUR, StatusShape, statusText } from '#console/web/src/ui/status-mark.tsx';
import { FLEET_FIELDS } from '#shared/model/fleet-fields.ts';
import type { OverviewData } from './overview-data.ts';
import { Panel } from './panel.tsx';
import { t } from './text.ts';

type Worst = OverviewData['worst'][number];

export function WorstPanel({ devices }: { devices: readonly Worst[] }) {
  return (
    <Panel className="overview-live" title={t('worst')}>
      {devices.length === 0 ? (
        <p className="overview-calm">{t('noneWorst')}</p>
      ) : (
        <ScrollArea label={t('worst')} className="overview-scroll">
          <ul className="overview-rows">
            {devices.map((device) => (
              <WorstRow key={device.id} device={device} />
            ))}
          </ul>
        </ScrollArea>
      )}
    </Panel>
  );
}

function WorstRow({ device }: { device: Worst }) {
  const { id, name, siteName } = device;
  return (
    <li className="overview-row worst-row">
      <StatusShape status={device.status} />
      <Link to="/devices/$id" params={{ id }} className="row-link" title={name}>
        {name}
      </Link>
      <span className="truncate text-xs text-muted" title={siteName}>
        {siteName}
      </span>
      <span className="overview-why">{device.status === 'up' ? <Readings of={device} /> : <Since of={device} />}</span>
    </li>
  );
}

function Since({ of: { status, statusAt } }: { of: Worst }) {
  const now = useFiveSeconds();
  const word = statusText(status);
  if (statusAt === null) return <span className={STATUS_COLOUR[status]}>{word}</span>;
  return (
    <time dateTime={new Date(statusAt).toISOString()} title={fullTime(statusAt)} className={STATUS_COLOUR[status]}>
      {t('stateFor', { state: word, time: shortDuration(now - statusAt) })}
    </time>
  );
}

const FIELD_TEXTS = { cpu: 'fieldCpu', memory: 'fieldMemory', disk: 'fieldDisk', load: 'fieldLoad' } as const;
const isNamed = (field: string): field is keyof typeof FIELD_TEXTS => field in FIELD_TEXTS;
const unitOf = (field: string): string => {
  const known = Object.entries(FLEET_FIELDS).find(([name]) => name === field)?.[1];
  return known !== undefined && 'unit' in known && known.unit !== undefined ? known.unit : 'count';
};

function Readings({ of: { readings } }: { of: Worst }) {
  return (
    <>
      {readings.map(({ field, value, where }) => (
        <span key={field} className="text-changed" title={where ?? undefined}>
          {t('overLine', {
            field: isNamed(field) ? t(FIELD_TEXTS[field]) : field,
            value: quantityText(value, unitOf(field)),
          })}
          {where !== null && <span className="ml-1 text-muted">{where}</span>}
        </span>
      ))}
    </>
  );
}
