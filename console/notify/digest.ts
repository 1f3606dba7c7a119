// What was held for one recipient as one message: how much there is, what it is mostly about, and the lines themselves. Pure.
import { severityRank } from '#shared/model/alert-words.ts';
import type { DigestLine, Message } from './message.ts';
import type { StoredNotification } from './notification-repository.ts';

/** Longer is read by nobody; the rest is counted. */
const MOST_LINES = 40;
/** Of each sort: what most of it is about. */
const TOP = 3;

export function digestOf(held: readonly StoredNotification[], zone: string): Message {
  const messages = held.map(({ message }) => message);
  const open = stillOpen(messages);
  const lines = [...messages].sort(worstFirst).slice(0, MOST_LINES).map(lineOf);
  const left = messages.length - lines.length;
  const worst = [...messages].sort(worstFirst)[0];
  const since = Math.min(...messages.map((one) => one.since));
  return {
    reason: 'digest',
    severity: worst?.severity ?? 'info',
    title: `${messages.length} messages about ${new Set(messages.map(({ incident }) => incident)).size} incidents, ${open} still open`,
    detail: [
      topText('Most of it is about', messages, ({ device }) => device),
      topText('at', messages, ({ site }) => site),
      topText('by', messages, ({ check }) => check),
      left > 0 ? `${left} more are in the log of notifications.` : '',
    ]
      .filter((part) => part !== '')
      .join('\n'),
    ...{ site: '', customer: '', device: '', check: '', advice: '', since, until: null, zone, children: 0 },
    incident: null,
    lines,
  };
}

function stillOpen(messages: readonly Message[]): number {
  const over = new Set(
    messages.flatMap(({ reason, incident }) => (reason === 'resolved' || reason === 'past' ? [incident] : [])),
  );
  return new Set(messages.map(({ incident }) => incident).filter((one) => !over.has(one))).size;
}

const worstFirst = (a: Message, b: Message): number =>
  severityRank(a.severity) - severityRank(b.severity) || a.since - b.since;

const lineOf = ({ title, severity, reason, since, site, device, check }: Message): DigestLine => ({
  ...{ title, severity, reason, site, device, check },
  at: since,
});

function topText(word: string, messages: readonly Message[], of: (message: Message) => string): string {
  const counts = new Map<string, number>();
  for (const message of messages) {
    const name = of(message);
    if (name !== '') counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const top = [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).slice(0, TOP);
  return top.length === 0 ? '' : `${word} ${top.map(([name, n]) => `${name} (${n})`).join(', ')}`;
}
