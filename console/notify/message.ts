// What a message says, whatever carries it: made of an incident once, kept with the notification, and put into each channel's own form later.
import { z } from 'zod';
import { inert, inertLines } from '#shared/base/inert-text.ts';
import { NOTIFICATION_REASONS } from '#shared/contract/notify-contract.ts';
import { SEVERITIES } from '#shared/model/alert-words.ts';

/** Of a digest: what stands in one line of it. */
const DigestLine = z.strictObject({
  title: z.string(),
  severity: z.enum(SEVERITIES),
  reason: z.enum(NOTIFICATION_REASONS),
  at: z.int(),
  site: z.string(),
  device: z.string(),
  check: z.string(),
});
export type DigestLine = z.infer<typeof DigestLine>;

export const Message = z.strictObject({
  reason: z.enum(NOTIFICATION_REASONS),
  severity: z.enum(SEVERITIES),
  title: z.string(),
  /** The evidence, in plain words. Text of a device in it is hostile and made inert. */
  detail: z.string(),
  site: z.string(),
  customer: z.string(),
  device: z.string(),
  check: z.string(),
  /** What to do, in the words of the check. */
  advice: z.string().default(''),
  /** True times. */
  since: z.int(),
  until: z.int().nullable(),
  zone: z.string(),
  /** Alerts that are part of it and are told to nobody. */
  children: z.int(),
  incident: z.string().nullable(),
  lines: z.array(DigestLine).max(200).default([]),
});
export type Message = z.infer<typeof Message>;

export interface Fact {
  name: string;
  value: string;
}

/** A message ready for any channel: every text is inert. */
export interface Told {
  id: string;
  reason: Message['reason'];
  severity: Message['severity'];
  /** One line: what, where, how bad. */
  subject: string;
  title: string;
  detail: string;
  facts: readonly Fact[];
  /** Where pages show it; '' where no address of the console is known. */
  link: string;
  /** Takes the incident, once; '' where there is nothing to take. */
  ackLink: string;
  /** The same for all messages of one incident. */
  incident: string;
  at: number;
  since: number;
  lines: readonly string[];
}

export interface Links {
  base: string;
  ack: string;
}

const WORDS: Readonly<Record<Message['reason'], string>> = {
  opened: '',
  worse: 'worse: ',
  repeat: 'still: ',
  escalated: 'nobody has taken it: ',
  flapping: 'comes and goes: ',
  assigned: 'assigned to you: ',
  resolved: 'resolved: ',
  past: 'over already: ',
  digest: '',
  test: 'test: ',
};

export function tellable(id: string, message: Message, at: number, links: Links): Told {
  const { reason, severity, incident, site } = message;
  const title = inert(message.title);
  const where = site === '' ? '' : ` (${inert(site)})`;
  return {
    id,
    reason,
    severity,
    subject: reason === 'digest' ? title : `[${severity}] ${WORDS[reason]}${title}${where}`,
    title,
    detail: inertLines(message.detail),
    facts: factsOf(message),
    link: links.base === '' || incident === null ? links.base : `${links.base}/incidents/${incident}`,
    ackLink: links.ack,
    incident: incident ?? id,
    at,
    since: message.since,
    lines: message.lines.map((line) => lineText(line, message.zone)),
  };
}

function factsOf({ site, customer, device, check, advice, since, until, zone, children, reason }: Message): Fact[] {
  if (reason === 'digest' || reason === 'test') return [];
  const facts: Fact[] = [
    { name: 'Customer', value: customer },
    { name: 'Site', value: site },
    { name: 'Device', value: device },
    { name: 'Check', value: check },
    { name: 'Since', value: timeText(since, zone) },
    { name: 'Until', value: until === null ? '' : timeText(until, zone) },
    { name: 'What to do', value: reason === 'resolved' || reason === 'past' ? '' : advice },
    { name: 'With it', value: children === 0 ? '' : `${children} more, which depend on it` },
  ];
  return facts.filter(({ value }) => value !== '').map(({ name, value }) => ({ name, value: inert(value) }));
}

const lineText = ({ title, severity, reason, at, site }: DigestLine, zone: string): string =>
  inert(`${timeText(at, zone)} [${severity}] ${WORDS[reason]}${title}${site === '' ? '' : ` (${site})`}`);

const FORMATS = new Map<string, Intl.DateTimeFormat>();

/** "2026-11-23 18:00 GMT+1": as the clocks of the site show it, whatever zone the reader sits in. */
export function timeText(at: number, zone: string): string {
  const known = FORMATS.get(zone);
  const format =
    known ??
    new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      timeZoneName: 'short',
    });
  if (known === undefined) FORMATS.set(zone, format);
  return format.format(at);
}

/** The whole of it as lines of plain text: mail, short messages, previews. */
export function plainText(told: Told): string {
  const facts = told.facts.map(({ name, value }) => `${name}: ${value}`);
  const links = [
    ...(told.ackLink === '' ? [] : [`Take it: ${told.ackLink}`]),
    ...(told.link === '' ? [] : [`Open: ${told.link}`]),
  ];
  return [[told.subject], told.detail === '' ? [] : [told.detail], facts, told.lines, links]
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}
