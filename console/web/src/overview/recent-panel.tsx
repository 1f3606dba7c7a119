// What changed in the last hour, newest first; each line leads to its device.
import { Link } from '@tanstack/react-router';
import { fullTime, minuteOf } from '#console/web/src/text/time.ts';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import { ScrollArea } from '#console/web/src/ui/scroll-area.tsx';
import { StatusShape } from '#console/web/src/ui/status-mark.tsx';
import type { OverviewData } from './overview-data.ts';
import { Panel } from './panel.tsx';
import { type Happening, happeningOf } from './recent-text.ts';
import { t } from './text.ts';

type Recent = OverviewData['recent'][number];

export function RecentPanel({ items, more }: { items: readonly Recent[]; more: number }) {
  return (
    <Panel className="overview-live" title={t('recent')} {...(more > 0 && { aside: t('recentMore', { count: more }) })}>
      {items.length === 0 ? (
        <p className="overview-calm">{t('noneRecent')}</p>
      ) : (
        <ScrollArea label={t('recent')} className="overview-scroll">
          <ol className="overview-rows">
            {items.map((one) => (
              <RecentRow key={keyOf(one)} one={one} />
            ))}
          </ol>
        </ScrollArea>
      )}
    </Panel>
  );
}

function keyOf({ deviceId, item }: Recent): string {
  const own = { event: 'seq', inventory: 'kind', action: 'action', change: 'verb' } as const;
  const name = item.type === 'event' ? item.event.seq : Reflect.get(item, own[item.type]);
  return `${deviceId} ${item.at} ${item.type} ${String(name)}`;
}

const ICONS: Readonly<Record<Recent['item']['type'], IconName>> = {
  event: 'info',
  inventory: 'columns',
  action: 'play',
  change: 'edit',
};
const TONES: Readonly<Record<Happening['tone'], string>> = {
  plain: 'text-muted',
  warning: 'text-changed',
  critical: 'text-down',
};

function RecentRow({ one: { deviceId, deviceName, siteName, item } }: { one: Recent }) {
  const { text, detail, tone, status } = happeningOf(item);
  return (
    <li className="overview-row recent-row">
      <time dateTime={new Date(item.at).toISOString()} title={fullTime(item.at)} className="text-xs text-muted">
        {minuteOf(item.at)}
      </time>
      {status === undefined ? (
        <Icon name={ICONS[item.type]} className={`size-3.5 ${TONES[tone]}`} />
      ) : (
        <StatusShape status={status} />
      )}
      <Link to="/devices/$id" params={{ id: deviceId }} className="row-link" title={`${deviceName}, ${siteName}`}>
        {deviceName}
      </Link>
      <span className="recent-text" title={detail === '' ? text : `${text}: ${detail}`}>
        {text} <span className="text-xs text-muted">{detail}</span>
      </span>
    </li>
  );
}
