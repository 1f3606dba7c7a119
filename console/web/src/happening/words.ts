// What happened, in words: events with their codes, how far orders came, inventories and edits.
import { reasonText } from '#console/web/src/fleet/value-text.ts';
import { stateDetail } from '#console/web/src/text/state-detail.ts';
import { statusText } from '#console/web/src/ui/status-mark.tsx';
import type { CommandState } from '#shared/model/record.ts';
import { t } from './text.ts';

const STATES = [
  'queued',
  'sent',
  'accepted',
  'waiting',
  'started',
  'succeeded',
  'failed',
  'expired',
  'refused',
  'cancelled',
  'halted',
] as const satisfies ReadonlyArray<CommandState>;

export function stateText(state: string): string {
  const known = STATES.find((one) => one === state);
  return known === undefined ? t('state_unknown') : t(`state_${known}`);
}

const ACTIONS: Readonly<
  Record<string, 'action_command' | 'action_service' | 'action_identity' | 'action_session' | 'action_script'>
> = {
  'command.run': 'action_command',
  'service.restart': 'action_service',
  'identity.accept': 'action_identity',
  'session.open': 'action_session',
  'script.run': 'action_script',
  'script.try': 'action_script',
};
/** What was ordered; an action of a newer console by its own name. */
export function actionText(name: string): string {
  const known = ACTIONS[name];
  return known === undefined ? name : t(known);
}

interface Event {
  type: string;
  code: string | null;
  detail: string;
}

const EVENT_WORDS = ['state', 'identity', 'relay', 'stream'] as const;
/** Codes of relays are words of their own; those of failures have a text. */
export function eventText({ type, code }: Pick<Event, 'type' | 'code'>): string {
  if (code === null) return t(`event_${EVENT_WORDS.find((word) => word === type) ?? 'relay'}`);
  const known = reasonText(code);
  return known === code ? code.replaceAll('-', ' ') : known;
}

/** "timed-out: no answer": the reason in the language of the page, what the relay adds in its own words. */
function whyText(why: string): string {
  const [code = '', ...rest] = why.split(': ');
  return [reasonText(code), ...rest].join(': ');
}

/** As the console writes them, each behind the device's name. */
const IDENTITIES = [
  ['identity pinned at first contact', 'identity_first'],
  ['the new identity is pinned', 'identity_new'],
  ['its relay pinned another identity without an order', 'identity_unasked'],
] as const;

/** A state, why it is so, and what becomes of an identity, in the language of the page; whatever else is said is the relay's own words. */
export function eventDetail({ type, detail }: Pick<Event, 'type' | 'detail'>): string {
  const state = type === 'state' ? stateDetail(detail) : undefined;
  if (state !== undefined)
    return state.why === '' ? statusText(state.status) : `${statusText(state.status)} (${whyText(state.why)})`;
  const known = type === 'identity' ? IDENTITIES.find(([said]) => detail.endsWith(`: ${said}`)) : undefined;
  return known === undefined ? detail : t(known[1]);
}

/** Of a state: what it is said to be for, without the state. */
export const stateWhy = (detail: string): string => whyText(stateDetail(detail)?.why ?? '');

const VERBS: Readonly<Record<string, 'verb_create' | 'verb_update' | 'verb_tag'>> = {
  'device.create': 'verb_create',
  'device.update': 'verb_update',
  'tag.change': 'verb_tag',
};
export function verbText(verb: string): string {
  const known = VERBS[verb];
  return known === undefined ? verb : t(known);
}

/** What an inventory is called. */
const FACTS = ['os', 'hardware', 'network', 'disks', 'ports', 'services', 'users', 'packages'] as const;
export function factText(kind: string): string {
  const known = FACTS.find((one) => one === kind);
  return known === undefined ? kind : t(`fact_${known}`);
}
