// What happened, as one sentence per thing; the device stands beside it.
import {
  actionText,
  eventDetail,
  eventText as eventHead,
  factText,
  stateText,
  stateWhy,
  verbText,
} from '#console/web/src/happening/words.ts';
import { stateDetail } from '#console/web/src/text/state-detail.ts';
import { statusText } from '#console/web/src/ui/status-mark.tsx';
import type { DeviceStatus } from '#shared/model/device.ts';
import type { OverviewData } from './overview-data.ts';
import { t } from './text.ts';

type Item = OverviewData['recent'][number]['item'];
type Event = Extract<Item, { type: 'event' }>['event'];

export interface Happening {
  text: string;
  /** Said quieter: the relay's own words, names. */
  detail: string;
  tone: 'plain' | 'warning' | 'critical';
  status?: DeviceStatus;
}

function eventText(event: Event): Happening {
  const { type, detail, severity } = event;
  const tone = severity === 'critical' || severity === 'warning' ? severity : 'plain';
  const state = type === 'state' ? stateDetail(detail) : undefined;
  if (state === undefined) return { text: eventHead(event), detail: eventDetail(event), tone };
  return { text: statusText(state.status), detail: stateWhy(detail), tone, status: state.status };
}

function inventoryText({
  kind,
  isFirst,
  added,
  removed,
  changed,
  more,
}: Extract<Item, { type: 'inventory' }>): Happening {
  const text = t(isFirst ? 'inventoryFirst' : 'inventoryChanged', { kind: factText(kind) });
  const parts = [
    ...added.map((name) => `+${name}`),
    ...removed.map((name) => `−${name}`),
    ...changed,
    ...(more > 0 ? [t('andMore', { count: more })] : []),
  ];
  return { text, detail: parts.join(', '), tone: 'plain' };
}

export function happeningOf(item: Item): Happening {
  switch (item.type) {
    case 'event':
      return eventText(item.event);
    case 'inventory':
      return inventoryText(item);
    case 'action':
      return {
        text: actionText(item.name),
        detail: t('actionBy', { state: stateText(item.state), person: item.by }),
        tone: 'plain',
      };
    case 'change':
      return { text: t('changedBy', { person: item.by, verb: verbText(item.verb) }), detail: '', tone: 'plain' };
  }
}
