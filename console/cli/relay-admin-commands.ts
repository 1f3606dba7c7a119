// `rmm relay list, token, rename, replace, revoke, release, probe`: relays as the console knows them. The relay's own verbs are the relay's.
import type { Command } from 'commander';
import type { RelaySummary } from '#shared/contract/relay-contract.ts';
import type { ProbeResult } from '#shared/model/probe.ts';
import { relayNamed, siteNamed } from './named.ts';
import { age, bytes, duration, pairs, table } from './output.ts';
import { act, look, wholeNumber } from './verb.ts';

function linkOf({ isRevoked, isFenced, isConnected, health }: RelaySummary): string {
  if (isRevoked) return 'revoked';
  if (isConnected && health?.breakGlassUntil !== undefined) return 'linked, GLASS BROKEN';
  return isFenced ? 'fenced' : isConnected ? 'linked' : 'away';
}

/** Batches it holds that are not stored here; unknown while it is away. */
const backlogOf = ({ isConnected, lanes }: RelaySummary): string =>
  isConnected
    ? String(lanes.reduce((sum, lane) => sum + Math.max(0, (lane.next ?? lane.received + 1) - 1 - lane.received), 0))
    : '-';

const certificateOf = ({ certificateExpiresAt: at }: RelaySummary, now: number) =>
  at < now ? 'expired' : `${duration(at - now)} left`;

function relayTable(items: readonly RelaySummary[], now: number): string {
  return table(
    [
      'NAME',
      'SITE',
      'LINK',
      'SEEN',
      'DEVICES',
      'BACKLOG',
      'LAG',
      'CPU',
      'MEMORY',
      'SKEW',
      'CERTIFICATE',
      'VERSION',
      'ID',
    ],
    items.map((r) => [
      r.kind === 'leaf' ? `${r.name} (leaf)` : r.name,
      r.siteName,
      linkOf(r),
      age(r.lastSeenAt, now),
      String(r.devices),
      backlogOf(r),
      r.health === null ? '-' : `${r.health.pollLagMs} ms`,
      r.health === null ? '-' : `${(r.health.cpuRatio * 100).toFixed(1)} %`,
      r.health === null ? '-' : bytes(r.health.rssBytes),
      r.clockSkewMs === null ? '-' : `${r.clockSkewMs} ms`,
      certificateOf(r, now),
      r.version,
      r.id,
    ]),
  );
}

interface Token {
  token: string;
  expiresAt: number;
  owner: string;
}

const tokenText = (made: Token, isLeaf: boolean, now: number): string =>
  `On the relay's machine, within ${duration(made.expiresAt - now)}:\n\n  ./rmm relay enroll --data <folder>${isLeaf ? ' --leaf' : ''} --owner ${made.owner} --token-stdin\n\nand paste this token:\n\n${made.token}`;

/** At most a day: an unused token is a door. */
const hours = (command: Command) =>
  command.option('--expires <hours>', 'hours until it expires, at most 24', wholeNumber(1, 24), 1);

/** The same verb at the relay's own machine: with a host alone no console is asked. */
export interface ProbeHere {
  options(command: Command): Command;
  run(host: string, command: Command): Promise<void>;
}

export function addRelayAdminCommands(relay: Command, probeHere?: ProbeHere): void {
  look(relay, 'list', {
    summary: 'list relays: link, backlog, poll lag, clock, certificate',
    examples: ['relay list', 'relay list --watch'],
    run: async ({ context }) => (await context.api.relays.list()).items,
    text: (items, { context }) => relayTable(items, context.clock.now()),
  });
  addTokens(relay);
  act<RelaySummary>(relay, 'rename <relay> <name>', {
    summary: 'give a relay another name',
    examples: ['relay rename fra-1 fra-main'],
    run: async ({ context: { api }, args: [word = '', name = ''] }) =>
      api.relays.rename({ id: (await relayNamed(api, word)).id, name }),
    text: (one) => `it is called ${one.name}`,
  });
  act<{ revoked: string }>(relay, 'revoke <relay>', {
    summary: 'revoke a relay; its link is cut at once and its certificate is worth nothing',
    examples: ['relay revoke fra-1'],
    run: async ({ context: { api }, args: [word = ''] }) => {
      const { id } = await relayNamed(api, word);
      await api.relays.revoke({ id });
      return { revoked: id };
    },
    text: ({ revoked }) => `revoked ${revoked}`,
  });
  act<{ released: string }>(relay, 'release <relay>', {
    summary: 'let a relay in again that was fenced because two machines lived with its identity',
    examples: ['relay release fra-1'],
    run: async ({ context: { api }, args: [word = ''] }) => {
      const { id } = await relayNamed(api, word);
      await api.relays.release({ id });
      return { released: id };
    },
    text: ({ released }) => `released ${released}: it comes back within ten minutes`,
  });
  addProbe(relay, probeHere);
}

function addProbe(relay: Command, probeHere: ProbeHere | undefined): void {
  act<ProbeResult, { port?: number }>(relay, 'probe <relay> [address]', {
    summary:
      'what a relay sees at an address: name, ping, open ports, detected system; with a host alone, from this machine, each step on the way to a Windows machine',
    examples: [
      'relay probe fra-1 10.0.0.5',
      'relay probe fra-1 web-1.example.net --port 2222',
      'relay probe fs01.example.test --credential win',
    ],
    options: (command) => {
      const withPort = command.option('--port <port>', 'another port to look at', wholeNumber(1, 65_535));
      return probeHere?.options(withPort) ?? withPort;
    },
    instead: (command) => {
      const [host = '', address] = command.args;
      return address === undefined ? probeHere?.run(host, command) : undefined;
    },
    run: async ({ context: { api }, args: [word = '', address = ''], options: { port } }) =>
      api.relays.probe({ id: (await relayNamed(api, word)).id, address, ...(port === undefined ? {} : { port }) }),
    text: probeText,
  });
}

function probeText(seen: ProbeResult): string {
  const { ping } = seen;
  const answered = ping.bestMs === undefined ? 'answers' : `answers in ${ping.bestMs.toFixed(1)} ms`;
  const open = seen.ports.filter((port) => port.state === 'open');
  return pairs([
    ['addresses', seen.addresses.join(', ') || 'the name does not resolve'],
    ['reverse name', seen.reverseName ?? ''],
    ['ping', `${ping.answered ? answered : 'no answer'} (${ping.method})`],
    [
      'open ports',
      open.map(({ port, greeting }) => `${port}${greeting === undefined ? '' : ` "${greeting}"`}`).join(', ') || 'none',
    ],
    ['system', seen.system],
    ['transport', seen.suggestedTransport ?? ''],
  ]);
}

function addTokens(relay: Command): void {
  act<Token, { site: string; leaf?: boolean; uses: number; expires: number }>(relay, 'token', {
    summary: 'make an enrolment token for a new relay; it is shown once',
    examples: ['relay token --site Warehouse', 'relay token --site Laptops --leaf --uses 200 --expires 24'],
    options: (command) =>
      hours(
        command
          .requiredOption('--site <site>', 'site the relay will serve')
          .option('--leaf', 'for machines that watch only themselves')
          .option('--uses <count>', 'machines that may use it (leaves)', wholeNumber(1, 1_000), 1),
      ),
    run: async ({ context: { api }, options }) =>
      api.relays.createToken({
        siteId: (await siteNamed(api, options.site)).id,
        kind: options.leaf === true ? 'leaf' : 'site',
        uses: options.uses,
        expiresInMs: options.expires * 3_600_000,
      }),
    text: (made, { options, now }) => tokenText(made, options.leaf === true, now),
  });
  act<Token, { expires: number }>(relay, 'replace <relay>', {
    summary: 'make a token for the machine that takes a relay’s place; the old one is revoked when it is used',
    examples: ['relay replace fra-1'],
    options: hours,
    run: async ({ context: { api }, args: [word = ''], options }) =>
      api.relays.replace({ id: (await relayNamed(api, word)).id, expiresInMs: options.expires * 3_600_000 }),
    text: (made, { now }) => tokenText(made, false, now),
  });
}
