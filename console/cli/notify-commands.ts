// `rmm channel`, `contact`, `route`: who is told of incidents, and by which way.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { Channel, ChannelKind, Contact, Route, Verdict } from '#shared/contract/notify-contract.ts';
import { SEVERITIES, type Severity } from '#shared/model/alert-words.ts';
import type { Target } from '#shared/model/on-call.ts';
import { readHidden } from '#shared/runtime/read-hidden.ts';
import type { Api } from './client.ts';
import { groupNamed, oneOf, siteNamed } from './named.ts';
import { age, duration, table } from './output.ts';
import { act, collected, look, wholeNumber } from './verb.ts';

const channelNamed = async (api: Api, word: string) => oneOf('channel', (await api.channels.list()).items, word);
const contactNamed = async (api: Api, word: string) => oneOf('contact', (await api.contacts.list()).items, word);
const routeNamed = async (api: Api, word: string) => oneOf('route', (await api.routes.list()).items, word);

export const verdictTable = (items: readonly Verdict[]): string =>
  table(
    ['WHEN', 'WHAT', 'WHY'],
    items.map(({ at, code, text }) => [new Date(at).toISOString().slice(0, 19), code, text]),
  );

function severityOf(word: string): Severity {
  const found = SEVERITIES.find((one) => one === word);
  if (found === undefined) throw new AppError('bad-request', `${word}: one of ${SEVERITIES.join(', ')}`);
  return found;
}

/** "host=mail.example.org". */
function settingOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new AppError('bad-request', `--set ${text}: a field, "=", and its value`);
  return [text.slice(0, at), text.slice(at + 1)];
}

interface ChannelOptions {
  set?: string[];
  secret?: string[];
  off?: boolean;
}

/** Secrets are asked for, each on a line of its own: a process list shows arguments. */
async function secretsOf(names: readonly string[]): Promise<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const name of names) secrets[name] = await readHidden(name);
  return secrets;
}

const namesOf = (fields: ChannelKind['fields']): string =>
  fields.map(({ name, isRequired }) => (isRequired ? name : `[${name}]`)).join(' ');

const kindTable = (items: readonly ChannelKind[]): string =>
  table(
    ['KIND', 'WHAT', 'FIELDS', 'SECRETS'],
    items.map(({ kind, label, fields }) => [
      ...[kind, label, namesOf(fields.filter((one) => one.kind !== 'secret'))],
      namesOf(fields.filter((one) => one.kind === 'secret')),
    ]),
  );

export function addChannelCommands(program: Command): void {
  const channel = program
    .command('channel')
    .description('ways by which people are told: mail, chats, paging, webhooks');
  look<ChannelKind[]>(channel, 'kinds', {
    summary: 'the kinds of channels and their fields',
    examples: ['channel kinds'],
    run: async ({ context }) => (await context.api.channels.kinds()).items,
    text: kindTable,
  });
  look<Channel[]>(channel, 'list', {
    summary: 'list channels and how they go',
    examples: ['channel list'],
    run: async ({ context }) => (await context.api.channels.list()).items,
    text: (items, { now }) =>
      table(
        ['NAME', 'KIND', 'ON', 'LAST SENT', 'FAILS', 'LAST ERROR'],
        items.map((one) => [
          ...[one.name, one.kind, one.isOn ? 'yes' : 'no', age(one.lastSentAt, now)],
          ...[String(one.failures), one.lastError ?? ''],
        ]),
      ),
  });
  act<Channel, ChannelOptions>(channel, 'add <kind> <name>', {
    summary: 'make a channel; its secrets are asked for',
    examples: [
      'channel add email Mail --set host=mail.example.org --set from=rmm@example.org --set user=rmm --secret password',
      'channel add teams "Teams NOC" --secret url',
    ],
    options: (command) =>
      command
        .option('--set <field=value>', 'a field of its kind, several times', collected)
        .option('--secret <field>', 'a secret of its kind, asked for, several times', collected)
        .option('--off', 'make it switched off'),
    run: async ({ context, args: [kind = '', name = ''], options: { set = [], secret = [], off } }) =>
      context.api.channels.create({
        ...{ kind, name, isOn: off !== true },
        settings: Object.fromEntries(set.map(settingOf)),
        secrets: await secretsOf(secret),
      }),
    text: (made) => `made ${made.name} (${made.id})`,
  });
  act<{ ok: boolean; detail: string; tookMs: number }, { to?: string }>(channel, 'test <channel>', {
    summary: 'send a test at once',
    examples: ['channel test Mail --to anna@example.org'],
    options: (command) => command.option('--to <address>', 'address, number or topic, where the kind has one'),
    run: async ({ context: { api }, args: [word = ''], options: { to } }) =>
      api.channels.test({ id: (await channelNamed(api, word)).id, ...(to === undefined ? {} : { to }) }),
    text: ({ ok, detail, tookMs }) => `${ok ? 'sent' : 'failed'} in ${duration(tookMs)}: ${detail}`,
  });
  removable(channel, 'channel', async (api, word) => {
    const { id } = await channelNamed(api, word);
    await api.channels.remove({ id });
    return id;
  });
}

/** The same verb of every noun that is set up by hand. */
export function removable(parent: Command, noun: string, remove: (api: Api, word: string) => Promise<string>): void {
  act<{ removed: string }>(parent, `remove <${noun}>`, {
    summary: `remove one ${noun}`,
    examples: [`${parent.name()} remove "By night"`],
    run: async ({ context: { api }, args: [word = ''] }) => ({ removed: await remove(api, word) }),
    text: ({ removed }) => `removed ${removed}`,
  });
}

/** "Mail:anna@example.org" or "SMS:+49151234:critical". */
async function wayOf(api: Api, text: string) {
  const [name = '', to = '', atLeast] = text.split(':');
  const { id } = await channelNamed(api, name);
  return { channel: id, to, ...(atLeast === undefined ? {} : { atLeast: severityOf(atLeast) }) };
}

export function addContactCommands(program: Command): void {
  const contact = program.command('contact').description('people who are told, and their ways');
  look<Contact[]>(contact, 'list', {
    summary: 'list contacts',
    examples: ['contact list'],
    run: async ({ context }) => (await context.api.contacts.list()).items,
    text: (items) =>
      table(
        ['NAME', 'ON', 'WAYS', 'AT MOST'],
        items.map(({ name, isOn, ways, flood }) => [
          ...[
            name,
            isOn ? 'yes' : 'no',
            ways.map(({ to, atLeast }) => `${to || 'channel'} from ${atLeast}`).join(', '),
          ],
          `${flood.messages} in ${duration(flood.withinMs)}`,
        ]),
      ),
  });
  act<Contact, { way?: string[]; person?: string }>(contact, 'add <name>', {
    summary: 'make a contact',
    examples: ['contact add Anna --way Mail:anna@example.org --way SMS:+4915112345678:critical'],
    options: (command) =>
      command
        .option('--way <channel:address[:severity]>', 'a way to them, several times', collected)
        .option('--person <id>', 'the person of this console that they are'),
    run: async ({ context: { api }, args: [name = ''], options: { way = [], person } }) =>
      api.contacts.create({
        name,
        ways: await Promise.all(way.map((text) => wayOf(api, text))),
        ...(person === undefined ? {} : { personId: person }),
      }),
    text: (made) => `made ${made.name} (${made.id})`,
  });
  removable(contact, 'contact', async (api, word) => {
    const { id } = await contactNamed(api, word);
    await api.contacts.remove({ id });
    return id;
  });
}

interface RouteOptions {
  contact?: string[];
  channel?: string[];
  onCall?: string[];
  severity?: string[];
  site?: string[];
  tag?: string[];
  group?: string[];
  check?: string[];
  escalation?: string;
  place: number;
  delay: number;
  repeat: number;
  digest: number;
  last?: boolean;
  quietEnd?: boolean;
}

const MINUTE_MS = 60_000;

async function targetsOf(api: Api, options: RouteOptions): Promise<Target[]> {
  const { contact = [], channel = [], onCall = [] } = options;
  const schedules = onCall.length === 0 ? [] : (await api.onCall.list()).items;
  return [
    ...(await Promise.all(
      contact.map(async (word) => ({ kind: 'contact' as const, contact: (await contactNamed(api, word)).id })),
    )),
    ...(await Promise.all(
      channel.map(async (text) => {
        const [word = '', to = ''] = text.split(/:(.*)/s);
        return { kind: 'channel' as const, channel: (await channelNamed(api, word)).id, to };
      }),
    )),
    ...onCall.map((word) => ({ kind: 'on-call' as const, schedule: oneOf('on-call schedule', schedules, word).id })),
  ];
}

const routeOptions = (command: Command): Command => {
  const several: ReadonlyArray<[string, string]> = [
    ['--contact <name>', 'whom it tells'],
    ['--channel <channel[:address]>', 'where it tells'],
    ['--on-call <schedule>', 'whoever is on call'],
    ['--severity <severity>', 'only these'],
    ['--site <site>', 'only of these'],
    ['--tag <tag>', 'only of devices with one of these'],
    ['--group <group>', 'only of devices in one of these'],
    ['--check <pattern>', 'only of these, as "disk.*"'],
  ];
  for (const [flags, text] of several) command.option(flags, `${text}, several times`, collected);
  const minutes = wholeNumber(0, 10_080);
  return command
    .option('--escalation <escalation>', 'how it climbs while nobody takes it')
    .option('--place <number>', 'routes are asked in this order', wholeNumber(0, 10_000), 100)
    .option('--delay <minutes>', 'what is over before then is told to nobody', minutes, 0)
    .option('--repeat <minutes>', 'told again while nobody has taken it', minutes, 0)
    .option('--digest <minutes>', 'gathered, and told as one', minutes, 0)
    .option('--last', 'no route behind it is asked when it fits')
    .option('--quiet-end', 'that it is over is not told');
};

async function newRoute(api: Api, name: string, options: RouteOptions) {
  const {
    severity = [],
    site = [],
    tag = [],
    group = [],
    check = [],
    escalation,
    place,
    delay,
    repeat,
    digest,
  } = options;
  const climbs = escalation === undefined ? undefined : (await api.escalations.list()).items;
  return api.routes.create({
    ...{ name, place, targets: await targetsOf(api, options) },
    match: {
      ...{ severities: severity.map(severityOf), tags: tag, checks: check },
      groups: await Promise.all(group.map(async (word) => (await groupNamed(api, word)).id)),
      sites: await Promise.all(site.map(async (word) => (await siteNamed(api, word)).id)),
    },
    ...(climbs === undefined ? {} : { escalation: oneOf('escalation', climbs, escalation ?? '').id }),
    ...{ delayMs: delay * MINUTE_MS, repeatMs: repeat * MINUTE_MS, digestMs: digest * MINUTE_MS },
    ...{ isLast: options.last === true, tellsResolved: options.quietEnd !== true },
  });
}

const matchText = ({ severities, types, sites, tags, groups, checks }: Route['match']): string =>
  [
    severities.join(' '),
    types.join(' '),
    sites.length === 0 ? '' : `${sites.length} sites`,
    tags.join(' '),
    groups.length === 0 ? '' : `${groups.length} groups`,
    checks.join(' '),
  ]
    .filter((part) => part !== '')
    .join(', ') || 'everything';

export function addRouteCommands(program: Command): void {
  const route = program.command('route').description('which incidents are told to whom');
  look<Route[]>(route, 'list', {
    summary: 'list routes in their order',
    examples: ['route list'],
    run: async ({ context }) => (await context.api.routes.list()).items,
    text: (items) =>
      table(
        ['PLACE', 'NAME', 'ON', 'FOR', 'TARGETS', 'DELAY', 'REPEAT'],
        items.map((one) => [
          ...[String(one.place), one.name, one.isOn ? 'yes' : 'no', matchText(one.match), String(one.targets.length)],
          ...[duration(one.delayMs), one.repeatMs === 0 ? '' : duration(one.repeatMs)],
        ]),
      ),
  });
  act<Route, RouteOptions>(route, 'add <name>', {
    summary: 'make a route',
    examples: [
      'route add "By day" --contact Anna --delay 5',
      'route add Night --on-call Berlin --severity critical --severity high --escalation Usual --repeat 30',
    ],
    options: routeOptions,
    run: ({ context: { api }, args: [name = ''], options }) => newRoute(api, name, options),
    text: (made) => `made ${made.name} (${made.id})`,
  });
  look<Verdict[], { severity: string; check: string; tag?: string[]; group?: string[] }>(route, 'explain <site>', {
    summary: 'whom an incident at this site would be told, and why',
    examples: ['route explain Berlin --severity critical --check device.down'],
    options: (command) =>
      command
        .option('--severity <severity>', 'of the incident', 'critical')
        .option('--check <check>', 'of the incident', 'device.down')
        .option('--tag <tag>', 'of the device, several times', collected)
        .option('--group <group>', 'that holds the device, several times', collected),
    run: async ({ context: { api }, args: [word = ''], options: { severity, check, tag = [], group = [] } }) => {
      const { id: siteId } = await siteNamed(api, word);
      const groups = await Promise.all(group.map(async (one) => (await groupNamed(api, one)).id));
      return (await api.routes.explain({ siteId, severity: severityOf(severity), check, tags: tag, groups })).items;
    },
    text: verdictTable,
  });
  removable(route, 'route', async (api, word) => {
    const { id } = await routeNamed(api, word);
    await api.routes.remove({ id });
    return id;
  });
}
