// `rmm overview`, `rmm search`, `rmm sign-in`: the estate at a glance.
import type { Command } from 'commander';
import type { Overview, SearchHit } from '#shared/contract/system-contract.ts';
import { age, duration, pairs, table } from './output.ts';
import { timelineLine } from './timeline-line.ts';
import { act, look, wholeNumber } from './verb.ts';

const counts = (devices: Partial<Record<string, number>>): string =>
  Object.entries(devices)
    .filter(([, count]) => count !== 0)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ') || 'none';

function sitesTable({ sites, now }: Overview): string {
  return table(
    ['SITE', 'CUSTOMER', 'DEVICES', 'RELAYS', 'NEWEST POLL'],
    sites.map((site) => [
      site.isSimulated ? `${site.name} (simulated)` : site.name,
      site.customerName,
      counts(site.devices),
      site.relays.map((relay) => `${relay.name} ${relay.isConnected ? 'linked' : 'away'}`).join(', ') || 'none',
      age(site.newestPollAt, now),
    ]),
  );
}

function overviewText(overview: Overview): string {
  const { ingest, worst, recent } = overview;
  const lag = ingest.lagMs === null ? 'no live data' : `${duration(ingest.lagMs)} behind`;
  return [
    pairs([
      ['devices', counts(overview.devices)],
      ['ingest', `${ingest.samplesPerSecond.toFixed(0)} samples/s, ${lag}, backlog ${ingest.backlog}`],
      ['lost', ingest.lost + ingest.quarantined === 0 ? '' : `${ingest.lost} lost, ${ingest.quarantined} set aside`],
    ]),
    sitesTable(overview),
    ...(worst.length === 0
      ? []
      : [
          table(
            ['WORST', 'SITE', 'STATUS', 'SINCE'],
            worst.map((one) => [one.name, one.siteName, one.status, age(one.statusAt, overview.now)]),
          ),
        ]),
    ...(recent.length === 0
      ? []
      : [
          recent
            .slice(0, 10)
            .map(({ deviceName, item }) => `${timelineLine(item)}  [${deviceName}]`)
            .join('\n'),
        ]),
  ].join('\n\n');
}

export function addSystemCommands(program: Command): void {
  look(program, 'overview', {
    summary: 'the estate at a glance: devices, sites, what is worst, what changed',
    examples: ['overview', 'overview --watch 5'],
    run: ({ context }) => context.api.system.overview(),
    text: overviewText,
  });
  look<{ hits: SearchHit[]; total: number }, { limit: number }>(program, 'search <words...>', {
    summary: 'search in names, addresses, serials, users, tags and software',
    examples: ['search nginx', 'search 10.0.3.', 'search SN-4711 --json'],
    options: (command) => command.option('--limit <count>', 'at most so many', wholeNumber(1, 100), 20),
    run: ({ context: { api }, args, options: { limit } }) => api.system.search({ q: args.join(' '), limit }),
    text: ({ hits, total }) =>
      hits.length === 0
        ? 'nothing found'
        : `${table(
            ['KIND', 'NAME', 'WHERE', 'STATUS', 'FOUND'],
            hits.map((hit) => [
              hit.kind,
              hit.name,
              hit.place ?? '',
              hit.status ?? '',
              hit.match === null ? '' : `${hit.match.field} ${hit.match.text}`,
            ]),
          )}${hits.length < total ? `\n${hits.length} of ${total}` : ''}`,
  });
  act<{ url: string; expiresAt: number }>(program, 'sign-in', {
    summary: 'print a one-time link that signs a browser in',
    examples: ['sign-in'],
    run: ({ context }) => context.api.session.createLink(),
    text: (link) => link.url,
  });
}
