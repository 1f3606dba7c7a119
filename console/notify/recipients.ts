// From targets to places: a person's ways, whoever is on call, or a place of a channel; and why one of them is told nothing.
import type { ContactId } from '#shared/base/id.ts';
import { type Contact, type Flood, USUAL_FLOOD } from '#shared/contract/notify-contract.ts';
import { onCallAt } from '#shared/judge/time/on-call.ts';
import { type Severity, severityRank } from '#shared/model/alert-words.ts';
import type { Target } from '#shared/model/on-call.ts';
import { kindOf } from './channel-kinds.ts';
import type { Message } from './message.ts';
import type { SetUpChannel, Setup } from './setup.ts';

export interface Recipient {
  channel: SetUpChannel;
  to: string;
  contactId: ContactId | null;
  contactName: string;
  /** Whom the flood guard counts. */
  key: string;
}

export interface Miss {
  code: string;
  text: string;
  contactId: ContactId | null;
}

export interface Places {
  recipients: Recipient[];
  misses: Miss[];
}

interface Asked {
  setup: Setup;
  severity: Severity;
  reason: Message['reason'];
  now: number;
}

/** Each place once, whoever leads to it. */
export function placesOf(targets: readonly Target[], asked: Asked): Places {
  const places: Places = { recipients: [], misses: [] };
  const seen = new Set<string>();
  for (const target of targets) {
    for (const one of reached(target, asked, places.misses)) {
      const place = `${one.channel.id} ${one.to}`;
      if (seen.has(place)) continue;
      seen.add(place);
      const miss = unfit(one, asked);
      if (miss === undefined) places.recipients.push(one);
      else places.misses.push({ ...miss, contactId: one.contactId });
    }
  }
  return places;
}

function reached(target: Target, asked: Asked, misses: Miss[]): Recipient[] {
  const { setup, now } = asked;
  const miss = (code: string, text: string): Recipient[] => {
    misses.push({ code, text, contactId: null });
    return [];
  };
  switch (target.kind) {
    case 'channel': {
      const channel = setup.channels.get(target.channel);
      if (channel === undefined) return miss('channel-gone', 'a channel that it names is no more');
      return [{ channel, to: target.to, contactId: null, contactName: '', key: `${channel.id} ${target.to}` }];
    }
    case 'contact': {
      const contact = setup.contacts.get(target.contact);
      return contact === undefined
        ? miss('contact-gone', 'a contact that it names is no more')
        : ways(contact, asked, misses);
    }
    case 'on-call': {
      const schedule = setup.onCall.get(target.schedule);
      if (schedule === undefined) return miss('schedule-gone', 'an on-call schedule that it names is no more');
      const id = onCallAt(schedule, now);
      const contact = id === undefined ? undefined : setup.contacts.get(id);
      return contact === undefined
        ? miss('nobody-on-call', `${schedule.name}: nobody is on call now`)
        : ways(contact, asked, misses);
    }
  }
}

function ways(contact: Contact, { setup, severity }: Asked, misses: Miss[]): Recipient[] {
  const { id, name } = contact;
  const miss = (code: string, text: string): Recipient[] => {
    misses.push({ code, text, contactId: id });
    return [];
  };
  if (!contact.isOn) return miss('off', `${name} is switched off`);
  const fit = contact.ways.filter(({ atLeast }) => severityRank(severity) <= severityRank(atLeast));
  if (fit.length === 0) return miss('way-too-quiet', `${name} has no way for ${severity}`);
  return fit.flatMap(({ channel: channelId, to }) => {
    const channel = setup.channels.get(channelId);
    if (channel === undefined) return miss('channel-gone', `a channel of ${name} is no more`);
    return [{ channel, to, contactId: id, contactName: name, key: `${id} ${channelId} ${to}` }];
  });
}

function unfit({ channel, to }: Recipient, { reason }: Asked): Omit<Miss, 'contactId'> | undefined {
  const kind = kindOf(channel.kind);
  if (kind === undefined || !channel.isOn) return { code: 'off', text: `the channel ${channel.name} is switched off` };
  if (kind.to !== null && to === '')
    return { code: 'no-address', text: `${channel.name}: no ${kind.to.label} is given` };
  if (kind.by === 'http' && kind.only !== undefined && !kind.only.includes(reason))
    return {
      code: 'not-by-this-channel',
      text: `${channel.name} keeps incidents of its own and is not told ${reason}`,
    };
  return undefined;
}

export const floodOf = ({ contacts }: Setup, contact: ContactId | null): Flood =>
  (contact === null ? undefined : contacts.get(contact)?.flood) ?? USUAL_FLOOD;
