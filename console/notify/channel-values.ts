// What templates may name: the message in all its forms, and the channel's own settings and secrets.
import { plainText, type Told } from './message.ts';
import type { Values } from './template.ts';

export interface OpenChannel {
  id: string;
  kind: string;
  name: string;
  settings: Readonly<Record<string, string>>;
  secrets: Readonly<Record<string, string>>;
}

/** In the order of severities: what ntfy and Discord want as numbers. */
const PRIORITIES: Readonly<Record<Told['severity'], number>> = { critical: 5, high: 4, medium: 3, low: 2, info: 2 };
const COLOURS: Readonly<Record<Told['severity'], number>> = {
  critical: 0xb3261e,
  high: 0xc4501b,
  medium: 0x9a6700,
  low: 0x2f6feb,
  info: 0x57606a,
};
const OVER_COLOUR = 0x1a7f37;

const isOver = ({ reason }: Told): boolean => reason === 'resolved' || reason === 'past';

/** Of the message alone: what people's own templates may name. */
export function messageValues(told: Told): Values {
  const factsText = told.facts.map(({ name, value }) => `${name}: ${value}`).join('\n');
  const linesText = told.lines.join('\n');
  const named = (name: string) => told.facts.find((fact) => fact.name === name)?.value ?? '';
  return {
    id: told.id,
    reason: told.reason,
    severity: told.severity,
    subject: told.subject,
    title: told.title,
    detail: told.detail,
    link: told.link,
    ackLink: told.ackLink,
    incident: told.incident,
    at: told.at,
    atIso: new Date(told.at).toISOString(),
    since: told.since,
    sinceIso: new Date(told.since).toISOString(),
    facts: told.facts.map(({ name, value }) => ({ name, value })),
    factsText,
    linesText,
    text: plainText(told),
    short: [told.detail, linesText].filter((part) => part !== '').join('\n') || told.subject,
    site: named('Site'),
    customer: named('Customer'),
    device: named('Device'),
    check: named('Check'),
    source: named('Device') || named('Site') || 'console',
    priority: PRIORITIES[told.severity],
    colour: isOver(told) ? OVER_COLOUR : COLOURS[told.severity],
    appriseType: isOver(told) ? 'success' : told.severity,
  };
}

/** Of the channel too, for the templates that ship. */
export function channelValues(told: Told, channel: OpenChannel, place: { to: string; thread: string }): Values {
  const { settings, secrets } = channel;
  const token = secrets['token'] ?? '';
  return {
    ...messageValues(told),
    ...settings,
    ...secrets,
    // A server's address is written with a slash at its end by some.
    ...(settings['server'] === undefined ? {} : { server: settings['server'].replace(/\/+$/, '') }),
    bearer: token === '' ? '' : `Bearer ${token}`,
    basic: `Basic ${Buffer.from(`${settings['account'] ?? ''}:${token}`).toString('base64')}`,
    to: place.to,
    thread: place.thread,
  };
}
