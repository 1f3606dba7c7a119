// The relays of a site in a word: linked, or how long away.
import type { RelayRow } from '#console/web/src/fleet/relays.ts';
import { useMay } from '#console/web/src/rights/may.ts';
import { shortDuration, UNKNOWN } from '#console/web/src/text/format.ts';
import { Icon } from '#console/web/src/ui/icon.tsx';
import { t } from './text.ts';

export function RelayState({ relays, now }: { relays: readonly RelayRow[]; now: number }) {
  // Who sees no relays is not told that there are none.
  if (!useMay('relay.read')) return <span className="text-muted">{UNKNOWN}</span>;
  if (relays.length === 0) return <span className="text-muted">{t('noRelay')}</span>;
  const away = relays.filter(({ isConnected }) => !isConnected);
  const [first] = away;
  if (first === undefined)
    return <State isLinked text={relays.length === 1 ? t('linked') : t('allLinked', { count: relays.length })} />;
  if (relays.length > 1)
    return <State isLinked={false} text={t('someAway', { count: away.length, all: relays.length })} />;
  const text =
    first.lastSeenAt === null ? t('neverLinked') : t('awayFor', { time: shortDuration(now - first.lastSeenAt) });
  return <State isLinked={false} text={text} />;
}

function State({ isLinked, text }: { isLinked: boolean; text: string }) {
  return (
    <span className="inline-flex items-center gap-1.5 align-middle whitespace-nowrap">
      <Icon name={isLinked ? 'link' : 'warning'} className={`size-3.5 ${isLinked ? 'text-up' : 'text-down'}`} />
      <span className={isLinked ? 'text-muted' : 'font-medium text-down'}>{text}</span>
    </span>
  );
}
