// One thing that happened, in words: its kind as an icon with a name, what it was, by whom.
import type { ReactNode } from 'react';
import { actionText, eventDetail, eventText, factText, stateText, verbText } from '#console/web/src/happening/words.ts';
import { fullTime, secondOf } from '#console/web/src/text/time.ts';
import { Button } from '#console/web/src/ui/button.tsx';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import type { TimelineItem } from './device-data.ts';
import { t } from './text.ts';
import { editParts, kindOf, type TimelineKind } from './timeline.ts';

const ICONS: Readonly<Record<TimelineKind, IconName>> = {
  state: 'device',
  relay: 'relay',
  action: 'play',
  inventory: 'columns',
  change: 'edit',
};

const TONES: Readonly<Record<string, string>> = { critical: 'text-down', warning: 'text-changed' };

export const kindText = (kind: TimelineKind): string => t(`kind_${kind}`);

interface LineProps {
  item: TimelineItem;
  onAction: (action: string) => void;
}

export function TimelineLine({ item, onAction }: LineProps) {
  const kind = kindOf(item);
  const tone =
    item.type === 'event' ? TONES[item.event.severity] : item.type === 'action' ? actionTone(item) : undefined;
  return (
    <li className="timeline-line">
      <time dateTime={new Date(item.at).toISOString()} title={fullTime(item.at)} className="text-muted">
        {secondOf(item.at)}
      </time>
      <span className={tone ?? 'text-muted'} title={kindText(kind)}>
        <Icon name={tone === undefined ? ICONS[kind] : 'warning'} />
        <span className="sr-only">{kindText(kind)}</span>
      </span>
      <div className="min-w-0 wrap-anywhere">
        <Words item={item} onAction={onAction} />
      </div>
    </li>
  );
}

const BAD: ReadonlySet<string> = new Set(['failed', 'refused', 'expired', 'halted', 'unknown']);
const actionTone = ({ state }: { state: string }): string | undefined => (BAD.has(state) ? 'text-down' : undefined);

function Words({ item, onAction }: LineProps) {
  switch (item.type) {
    case 'event':
      return <Said head={eventText(item.event)}>{eventDetail(item.event)}</Said>;
    case 'action':
      return (
        <>
          <Said head={actionText(item.name)}>
            {t('actionBy', { by: item.by, state: stateText(item.state) })}
            {item.exitCode !== null && `, ${t('exitCode', { code: item.exitCode })}`}
            {item.reason !== '' && `. ${item.reason}`}
          </Said>{' '}
          <Button kind="quiet" isSmall onClick={() => onAction(item.action)}>
            {t('output')}
          </Button>
        </>
      );
    case 'inventory':
      return <Inventory item={item} />;
    case 'change':
      return (
        <Said head={t('editBy', { verb: verbText(item.verb), by: item.by })}>
          {editParts(item.detail)
            .map(({ member, from, to }) => (from === '' ? `${member}: ${to}` : `${member}: ${from} → ${to}`))
            .join('; ')}
        </Said>
      );
  }
}

function Said({ head, children }: { head: string; children: ReactNode }) {
  return (
    <>
      <span className="mr-2 font-medium">{head}</span>
      <span className="text-muted">{children}</span>
    </>
  );
}

function Inventory({ item }: { item: Extract<TimelineItem, { type: 'inventory' }> }) {
  const { kind, isFirst, added, removed, changed, more } = item;
  if (isFirst) return <Said head={factText(kind)}>{t('factFirst')}</Said>;
  const lists = [
    { word: t('added', { count: added.length }), names: added },
    { word: t('removed', { count: removed.length }), names: removed },
    { word: t('changed', { count: changed.length }), names: changed },
  ].filter(({ names }) => names.length > 0);
  return (
    <>
      <Said head={factText(kind)}>{lists.length === 0 ? t('factChanged') : ''}</Said>
      {lists.map(({ word, names }) => (
        <div key={word} className="text-muted">
          <span className="mr-1.5">{word}:</span>
          <span className="text-ink">{names.join(', ')}</span>
        </div>
      ))}
      {more > 0 && <div className="text-muted">{t('andMore', { count: more })}</div>}
    </>
  );
}
