// A standing order's trigger, state and end in the words of the page.
import { duration } from '#console/web/src/text/format.ts';
import { endWarning } from '#console/web/src/trust/end-warning.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { Trigger } from '#shared/model/standing-order.ts';
import type { Stood } from './standing-data.ts';
import { t } from './text.ts';

const two = (n: number): string => String(n).padStart(2, '0');
export const timeOfDay = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** Every trigger has its words; the compiler asks for them. */
export function triggerText(trigger: Trigger, nameOf: (device: string) => string): string {
  switch (trigger.type) {
    case 'interval':
      return t('every', { time: duration(trigger.everyMs) });
    case 'daily':
      return t('daily', { time: timeOfDay(trigger.minuteUtc) });
    case 'device-returned':
      return trigger.afterMs === 0 ? t('returned') : t('returnedFor', { time: duration(trigger.afterMs) });
    case 'device-unreachable':
      return t('unreachable', { device: inert(nameOf(trigger.device)), time: duration(trigger.forMs) });
  }
}

export type Standing = 'active' | 'waiting' | 'void' | 'over' | 'withdrawn';

export function standingOf({ summary: { state, whyNot, expiresAt } }: Stood, now: number): Standing {
  if (state === 'withdrawn') return 'withdrawn';
  if (expiresAt <= now) return 'over';
  if (state === 'waiting-for-signature') return 'waiting';
  return whyNot === null ? 'active' : 'void';
}

/** Two weeks before its end and three days before it; an order that nobody signs anew is over then. */
export function isEndNear({ summary: { expiresAt } }: Stood, now: number): boolean {
  const warning = endWarning(expiresAt, now);
  return warning === 'near' || warning === 'last';
}
