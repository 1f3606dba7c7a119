// How it stands with a standing order, and when its end is near: a shape and words, never colour alone.
import { useFiveSeconds } from '#console/web/src/live/now.ts';
import { agoText } from '#console/web/src/text/time.ts';
import { Icon, type IconName } from '#console/web/src/ui/icon.tsx';
import type { Stood } from './standing-data.ts';
import { isEndNear, type Standing, standingOf } from './standing-words.ts';
import { t } from './text.ts';

const LOOKS = {
  active: { icon: 'check', tone: 'text-up', text: 'stateActive' },
  waiting: { icon: 'clock', tone: 'text-changed', text: 'stateWaiting' },
  void: { icon: 'warning', tone: 'text-down', text: 'stateVoid' },
  over: { icon: 'close', tone: 'text-muted', text: 'stateOver' },
  withdrawn: { icon: 'close', tone: 'text-muted', text: 'stateWithdrawn' },
} as const satisfies Record<Standing, { icon: IconName; tone: string; text: string }>;

export function StandingMark({ stood }: { stood: Stood }) {
  const now = useFiveSeconds();
  const { icon, tone, text } = LOOKS[standingOf(stood, now)];
  return (
    <span className={`inline-flex items-center gap-1 font-medium ${tone}`}>
      <Icon name={icon} />
      {t(text)}
    </span>
  );
}

/** Empty while all is well. */
export function StandingNote({ stood }: { stood: Stood }) {
  const now = useFiveSeconds();
  const { whyNot, expiresAt } = stood.summary;
  const standing = standingOf(stood, now);
  if (standing === 'void') return <p className="m-0 text-down wrap-anywhere">{t('voidWhy', { why: whyNot ?? '' })}</p>;
  if (standing === 'over') return <p className="m-0 text-muted">{t('ended', { ago: agoText(expiresAt, now) })}</p>;
  if (standing !== 'withdrawn' && isEndNear(stood, now))
    return <p className="m-0 font-medium text-changed">{t('endsSoon', { ago: agoText(expiresAt, now) })}</p>;
  return null;
}
