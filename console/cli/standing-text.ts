// Says in plain words what a standing order will do, from the signed text itself and nothing the console says of it.
import { inert } from '#shared/base/inert-text.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { StandingOrder, StandingRule, Trigger } from '#shared/model/standing-order.ts';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import { MAX_NAMED, peopleText, proofOf, TIER_WORDS, whatText } from './order-text.ts';
import { pairs } from './output.ts';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1_000],
] as const;

/** "2 days", "90 minutes": the largest unit that says it without a fraction. */
export function spanText(ms: number): string {
  const [word, size] = UNITS.find(([, unit]) => ms >= unit && ms % unit === 0) ?? ['millisecond', 1];
  const count = ms / size;
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

const two = (n: number) => String(n).padStart(2, '0');

export function triggerText(trigger: Trigger, nameOf: (device: string) => string): string {
  switch (trigger.type) {
    case 'interval':
      return `every ${spanText(trigger.everyMs)}`;
    case 'daily':
      return `each day at ${two(Math.floor(trigger.minuteUtc / 60))}:${two(trigger.minuteUtc % 60)} UTC`;
    case 'device-returned':
      return trigger.afterMs === 0
        ? 'when one of the devices was down and answers again, on that one'
        : `when one of the devices was down and is up again for ${spanText(trigger.afterMs)}, on that one`;
    case 'device-unreachable':
      return `when ${inert(nameOf(trigger.device))} is down for ${spanText(trigger.forMs)}, on all devices below`;
  }
}

export interface StandingNames {
  nameOf: (device: string) => string;
  /** What fits its rule now, as far as the console knows; undefined when it was not asked or did not answer. */
  matches?: { items: ReadonlyArray<{ name: string }>; unknown: number } | undefined;
}

/** The rule in its own words, what fits it today, and that this may change. */
export function ruleText({ text, atMost }: StandingRule, matches: StandingNames['matches']): string {
  const rule = `devices of one relay that fit ${inert(text)}, as the relay itself has read them when it is time`;
  const later = `a device that comes later is reached too; when more than ${atMost} fit, nothing is done and an alarm is raised`;
  if (matches === undefined) return [rule, later, 'which devices fit now is not known here'].join('\n');
  const { items, unknown } = matches;
  const named = items.slice(0, MAX_NAMED).map(({ name }) => inert(name));
  const rest = items.length > MAX_NAMED ? [`and ${items.length - MAX_NAMED} more`] : [];
  const over = items.length > atMost ? ' (too many: it would do nothing)' : '';
  const open = unknown === 0 ? [] : [`of ${unknown} more this console does not know enough to say`];
  return [rule, later, `${items.length} fit now, as far as this console knows${over}`, ...named, ...rest, ...open].join(
    '\n',
  );
}

function whereText({ targets, rule }: StandingOrder, { nameOf, matches }: StandingNames): string {
  if (rule !== undefined) return ruleText(rule, matches);
  const named = targets
    .slice(0, MAX_NAMED)
    .map(({ device, identity }) => `${inert(nameOf(device))}  ${proofOf(identity)}`);
  const rest = targets.length > MAX_NAMED ? [`and ${targets.length - MAX_NAMED} more`] : [];
  return [`${targets.length} devices of one relay, with or without this console`, ...named, ...rest].join('\n');
}

export function standingText(order: StandingOrder, charter: Charter, names: StandingNames): string {
  const tier = tierOf(order.action);
  return pairs([
    ['name', inert(order.name)],
    ['when', triggerText(order.trigger, names.nameOf)],
    ['what', whatText(order.action)],
    ['where', whereText(order, names)],
    ['how often', `on one device once in ${spanText(order.coolDownMs)} at most`],
    ['tier', TIER_WORDS[tier]],
    ['must sign', peopleText(tierRule(charter, tier))],
    ['valid until', new Date(order.exp).toISOString()],
    ['reason', order.reason],
  ]);
}
