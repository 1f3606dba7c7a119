// What a person fills in for a standing order, what is missing in it, and the draft it makes.
import {
  type ActionFault,
  faultOf as actionFault,
  type CommandRun,
  type Orderable,
  varFlags,
} from '#console/web/src/orders/orderable.ts';
import { rmm } from '#console/web/src/signing/command-text.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import type { Action } from '#shared/model/manifest.ts';
import type { StandingOrder, Trigger } from '#shared/model/standing-order.ts';
import { readRule } from '#shared/model/standing-rule.ts';
import type { StandingAsk } from '#shared/seal/standing-draft.ts';
import { timeOfDay } from './standing-words.ts';

const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** What stands by itself: the command line has words for these two. */
export const STANDABLE_NAMES = ['command.run', 'service.restart'] as const;
export type Standable = CommandRun | Extract<Orderable, { name: 'service.restart' }>;
export const isStandable = (action: Pick<Action, 'name'>): action is Standable =>
  STANDABLE_NAMES.some((name) => name === action.name);

export interface StandingForm {
  name: string;
  action: Standable;
  reach: 'devices' | 'rule';
  relay: string;
  rule: string;
  /** As it is typed. */
  atMost: string;
  trigger: Trigger['type'];
  /** After a return, or of being down. */
  afterMs: number;
  forMs: number;
  /** Name of the device that is watched. */
  watched: string;
  everyMs: number;
  time: string;
  restMs: number;
  standsMs: number;
  timeoutMs: number;
  reason: string;
}

export const EMPTY_FORM: StandingForm = {
  name: '',
  action: { name: 'service.restart', arguments: { service: '' } },
  reach: 'rule',
  relay: '',
  rule: '',
  atMost: '25',
  trigger: 'device-returned',
  afterMs: MINUTE_MS,
  forMs: 5 * MINUTE_MS,
  watched: '',
  everyMs: HOUR_MS,
  time: '03:30',
  restMs: HOUR_MS,
  standsMs: 30 * DAY_MS,
  timeoutMs: MINUTE_MS,
  reason: '',
};

const TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

export interface FormFaults {
  name?: 'noName';
  action?: ActionFault;
  relay?: 'noRelay';
  /** In the words of the rule's reader. */
  rule?: string;
  atMost?: 'noAtMost';
  watched?: 'noWatched';
  time?: 'noTime';
}

export const atMostOf = ({ atMost }: Pick<StandingForm, 'atMost'>): number | undefined => {
  const count = Number(atMost);
  return Number.isInteger(count) && count >= 1 && count <= 2_000 ? count : undefined;
};

function reachFaults(form: StandingForm): FormFaults {
  if (form.reach === 'devices') return {};
  const read = readRule(form.rule);
  return {
    ...(form.relay === '' ? { relay: 'noRelay' as const } : {}),
    ...(read.ok ? {} : { rule: read.message }),
    ...(atMostOf(form) === undefined ? { atMost: 'noAtMost' as const } : {}),
  };
}

/** Empty when nothing is missing. */
export function faultsOf(form: StandingForm): FormFaults {
  const action = actionFault(form.action);
  return {
    ...(form.name.trim() === '' ? { name: 'noName' as const } : {}),
    ...(action === undefined ? {} : { action }),
    ...reachFaults(form),
    ...(form.trigger === 'device-unreachable' && form.watched.trim() === '' ? { watched: 'noWatched' as const } : {}),
    ...(form.trigger === 'daily' && !TIME.test(form.time) ? { time: 'noTime' as const } : {}),
  };
}

/** `watched`: the device of that name, at the order's relay. */
export function triggerOf(form: StandingForm, watched: DeviceTarget | undefined): Trigger | undefined {
  switch (form.trigger) {
    case 'interval':
      return { type: 'interval', everyMs: form.everyMs };
    case 'daily': {
      const [, hours = '0', minutes = '0'] = TIME.exec(form.time) ?? [];
      return { type: 'daily', minuteUtc: Number(hours) * 60 + Number(minutes) };
    }
    case 'device-returned':
      return { type: 'device-returned', afterMs: form.afterMs };
    case 'device-unreachable':
      return watched === undefined
        ? undefined
        : { type: 'device-unreachable', device: watched.id, forMs: Math.max(30_000, form.forMs) };
  }
}

/** Devices worked on at once, as the command line has it. */
const CONCURRENCY = 10;

export const askOf = (
  form: StandingForm,
  { reach, trigger, outputBytes }: Pick<StandingAsk, 'reach' | 'trigger' | 'outputBytes'>,
): StandingAsk => ({
  ...{ reach, trigger, outputBytes, concurrency: CONCURRENCY },
  name: form.name.trim(),
  action: form.action,
  timeoutMs: form.timeoutMs,
  coolDownMs: form.restMs,
  standsMs: form.standsMs,
  reason: form.reason,
});

/** The form that made `order`; what pages do not order is not taken over. */
export function formOf(order: StandingOrder, nameOf: (device: string) => string): StandingForm {
  const { trigger, rule, action } = order;
  return {
    ...EMPTY_FORM,
    name: order.name,
    action: isStandable(action) ? action : EMPTY_FORM.action,
    reach: rule === undefined ? 'devices' : 'rule',
    ...(rule === undefined ? {} : { relay: order.relay, rule: rule.text, atMost: String(rule.atMost) }),
    trigger: trigger.type,
    ...(trigger.type === 'interval' ? { everyMs: trigger.everyMs } : {}),
    ...(trigger.type === 'daily' ? { time: timeOfDay(trigger.minuteUtc) } : {}),
    ...(trigger.type === 'device-returned' ? { afterMs: trigger.afterMs } : {}),
    ...(trigger.type === 'device-unreachable' ? { forMs: trigger.forMs, watched: nameOf(trigger.device) } : {}),
    restMs: order.coolDownMs,
    standsMs: order.exp - order.nbf,
    timeoutMs: order.caps.timeoutMs,
    reason: order.reason,
  };
}

function triggerWords({ trigger, everyMs, time, afterMs, forMs, watched }: StandingForm): string[] {
  const seconds = (ms: number) => String(ms / 1_000);
  switch (trigger) {
    case 'interval':
      return ['--every', seconds(everyMs)];
    case 'daily':
      return ['--daily', time];
    case 'device-returned':
      return ['--when-back', seconds(afterMs)];
    case 'device-unreachable':
      return ['--when-down', watched, '--down-for', seconds(Math.max(30_000, forMs))];
  }
}

/** The same order by the command line, which reads it by itself. */
export function commandOf(form: StandingForm, devices: readonly string[]): string {
  const { action, relay, rule, atMost, restMs, standsMs, timeoutMs, reason } = form;
  const reach = form.reach === 'rule' ? ['--rule', rule, '--at-most', atMost, '--relay', relay] : devices;
  const what =
    action.name === 'command.run'
      ? ['--command', action.arguments.command, ...varFlags(action)]
      : ['--restart', action.arguments.service];
  return rmm(
    ...['standing', 'sign', ...reach, ...triggerWords(form), '--name', form.name.trim(), ...what],
    ...['--cool-down', String(restMs / 1_000), '--days', String(Math.max(1, Math.round(standsMs / DAY_MS)))],
    ...['--timeout', String(timeoutMs / 1_000), ...(reason === '' ? [] : ['--reason', reason])],
  );
}
