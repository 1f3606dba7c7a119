// The words of the mail that a site sends by itself while its console is away: since when, and what is open there.
import type { EpochMs } from '#shared/base/clock.ts';
import { severityRank } from '#shared/model/alert-words.ts';
import type { LocalRoute } from '#shared/model/watch-policy.ts';
import type { Mail } from '#shared/send/mail.ts';
import type { OpenFinding } from './watch-table.ts';

/** More lines are read by nobody at night; the rest is counted. */
const MAX_LINES = 50;

export interface LocalNews {
  /** What this relay calls itself. */
  relay: string;
  /** The console was last reached. */
  awaySince: EpochMs;
  at: EpochMs;
  /** Of this outage of the console, from 1. */
  number: number;
  open: readonly OpenFinding[];
  nameOf: (finding: OpenFinding) => string;
}

export function localMail({ id, mail }: LocalRoute, news: LocalNews): Mail {
  const { relay, awaySince, number } = news;
  const thread = `watch.${id}.${awaySince}`;
  return {
    from: mail.from,
    to: mail.to,
    subject: `[${relay}] ${subjectOf(news)}`,
    text: [...introduction(news), '', ...linesOf(news), '', CLOSING, ''].join('\n'),
    // Made of the outage and its number: sent twice by a relay that was killed in between, it is the same mail.
    id: `${thread}.${number}.${relay.replaceAll(/[^a-zA-Z0-9-]/g, '-')}`,
    thread,
  };
}

function subjectOf({ number, open }: LocalNews): string {
  if (number === 1) return open.length === 0 ? 'the console is away' : `the console is away, ${open.length} open here`;
  return open.length === 1 ? (open[0]?.detail ?? '') : `${open.length} more, the console is still away`;
}

function introduction({ relay, awaySince, at, number, open }: LocalNews): string[] {
  const away = `Relay ${relay} has not reached its console since ${timeOf(awaySince)}. It goes on watching this site.`;
  if (number > 1) return [away, `New since the last mail (${timeOf(at)}):`];
  return [away, open.length === 0 ? 'Nothing else is wrong here.' : `Open here now (${timeOf(at)}):`];
}

function linesOf({ open, nameOf, awaySince }: LocalNews): string[] {
  const worstFirst = [...open].sort((a, b) => severityRank(a.severity) - severityRank(b.severity) || a.since - b.since);
  const lines = worstFirst.slice(0, MAX_LINES).map((one) => {
    const known = one.openedAt < awaySince ? ', known to the console' : '';
    return `- ${one.severity}: ${nameOf(one)}: ${oneLine(one.detail)} (since ${timeOf(one.since)}${known})`;
  });
  const rest = open.length - MAX_LINES;
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}

const CLOSING = 'What changes later is told to the console when it is back; from here on only what is new is mailed.';

/** A device's words may hold line ends, which could look like lines of ours. */
const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ');

/** 2026-11-22 00:00 UTC: a person at a site may be anywhere. */
const timeOf = (at: EpochMs): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
