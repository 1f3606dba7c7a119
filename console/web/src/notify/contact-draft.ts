// A contact as its form holds it.
import type { Severity } from '#shared/model/alert-words.ts';
import type { Contact } from './notify-data.ts';
import { minutesText, minutesTyped } from './notify-words.ts';

interface WayDraft {
  channel: string;
  to: string;
  atLeast: Severity;
}

export interface ContactDraft {
  name: string;
  /** Empty: nobody of this console. */
  personId: string;
  isOn: boolean;
  ways: WayDraft[];
  messages: string;
  minutes: string;
}

/** Ten messages within ten minutes are more than anybody reads. */
const USUAL = { messages: '10', minutes: '10' };

export const draftOf = (contact: Contact | undefined): ContactDraft => ({
  name: contact?.name ?? '',
  personId: contact?.personId ?? '',
  isOn: contact?.isOn ?? true,
  ways: contact?.ways.map((way) => ({ ...way })) ?? [],
  messages: contact === undefined ? USUAL.messages : String(contact.flood.messages),
  minutes: contact === undefined ? USUAL.minutes : minutesText(contact.flood.withinMs),
});

export type ContactFault = 'name' | 'messages' | 'minutes';

export function faultsOf({ name, messages, minutes }: ContactDraft): ContactFault[] {
  const count = /^\d{1,4}$/.test(messages.trim()) ? Number(messages) : 0;
  const within = minutesTyped(minutes) ?? 0;
  return [
    ...(name.trim() === '' ? (['name'] as const) : []),
    ...(count < 1 || count > 1_000 ? (['messages'] as const) : []),
    ...(within < 60_000 || within > 86_400_000 ? (['minutes'] as const) : []),
  ];
}

export const wishOf = ({ name, personId, isOn, ways, messages, minutes }: ContactDraft) => ({
  name: name.trim(),
  personId: personId === '' ? null : personId,
  isOn,
  ways: ways.map((way) => ({ ...way, to: way.to.trim() })),
  flood: { messages: Number(messages), withinMs: minutesTyped(minutes) ?? 0 },
});
