// Targets, states and reasons of notifications as pages write them.
import { duration } from '#console/web/src/text/format.ts';
import type { Channel, Contact, Escalation, Notification, Schedule, Target } from './notify-data.ts';
import { t } from './text.ts';

export const stateText = (state: Notification['state']): string => t(`state_${state}`);
export const reasonText = (reason: Notification['reason']): string => t(`reason_${reason}`);

/** What targets are called by. */
export interface Names {
  channels: readonly Channel[];
  contacts: readonly Contact[];
  schedules: readonly Schedule[];
  escalations: readonly Escalation[];
}

const named = (list: ReadonlyArray<{ id: string; name: string }>, id: string): string =>
  list.find((one) => one.id === id)?.name ?? t('gone');

export function targetText(target: Target, names: Names): string {
  switch (target.kind) {
    case 'channel': {
      const name = named(names.channels, target.channel);
      return target.to === '' ? name : `${name} (${target.to})`;
    }
    case 'contact':
      return named(names.contacts, target.contact);
    case 'on-call':
      return t('onCallOf', { name: named(names.schedules, target.schedule) });
  }
}

export const targetsText = (targets: readonly Target[], names: Names): string =>
  targets.map((target) => targetText(target, names)).join(', ');

export const nameOf = named;

const MINUTE_MS = 60_000;
/** Empty for none: nothing is told late, or again. */
export const minutesText = (ms: number): string => (ms === 0 ? '' : String(ms / MINUTE_MS));

/** Undefined for what is no number of whole minutes. */
export function minutesTyped(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed === '') return 0;
  return /^\d{1,5}$/.test(trimmed) ? Number(trimmed) * MINUTE_MS : undefined;
}

export const afterText = (ms: number): string => (ms === 0 ? t('atOnce') : t('after', { time: duration(ms) }));
