// `rmm site ...`: places, who answers there, and what their new devices begin with.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { SiteSummary } from '#shared/contract/site-contract.ts';
import { SiteDefaults } from '#shared/model/site.ts';
import { customerNamed, relayNamed, siteNamed } from './named.ts';
import { pairs, table } from './output.ts';
import { confirmRemoval, type RemovalAnswer, removalText } from './removal.ts';
import { act, collected, look } from './verb.ts';

interface SiteOptions {
  name?: string;
  customer?: string;
  timeZone?: string;
  address?: string;
  contactName?: string;
  contactEmail?: string;
  contactPhone?: string;
  notes?: string;
  default?: string[];
}

const shownName = (site: SiteSummary) => (site.isSimulated ? `${site.name} (simulated)` : site.name);

const described = (command: Command): Command =>
  command
    .option('--customer <name>', 'whose site it is; a new name makes a customer')
    .option('--time-zone <zone>', 'name of a time zone, "Europe/Berlin"')
    .option('--address <text>', 'where people find it')
    .option('--contact-name <name>', 'who answers there')
    .option('--contact-email <address>', 'their e-mail address')
    .option('--contact-phone <number>', 'their telephone')
    .option('--notes <text>', 'what people should know')
    .option(
      '--default <name=value>',
      'what new devices begin with: relay, transport, port, credential, realm, share, interval (seconds), tags (a,b); empty removes it',
      collected,
    );

/** Those whose text is their value. */
const PLAIN: ReadonlySet<string> = new Set(['transport', 'credential', 'realm', 'share']);

/** The defaults after `--default name=value ...`; throws `bad-request` naming the word. */
async function changedDefaults(
  given: readonly string[],
  former: SiteDefaults,
  relayId: (word: string) => Promise<string>,
): Promise<SiteDefaults> {
  const next: Record<string, unknown> = { ...former };
  for (const word of given) {
    const [name = '', ...rest] = word.split('=');
    const value = rest.join('=');
    const set = (key: string, parsed: unknown) => {
      if (value === '') delete next[key];
      else next[key] = parsed;
    };
    if (name === 'relay') set('relayId', value === '' ? '' : await relayId(value));
    else if (name === 'interval') set('intervalMs', Number(value) * 1_000);
    else if (name === 'port') set('port', Number(value));
    else if (name === 'tags') set('tags', value.split(','));
    else if (PLAIN.has(name)) set(name, value);
    else
      throw new AppError(
        'bad-request',
        `--default ${word}: relay, transport, port, credential, realm, share, interval or tags`,
      );
  }
  const parsed = SiteDefaults.safeParse(next);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new AppError('bad-request', `--default ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not understood'}`);
}

const textOf = ({ timeZone, address, notes }: SiteOptions) => ({
  ...(timeZone === undefined ? {} : { timeZone }),
  ...(address === undefined ? {} : { address }),
  ...(notes === undefined ? {} : { notes }),
});

const contactOf = (options: SiteOptions, former = { name: '', email: '', phone: '' }) => ({
  name: options.contactName ?? former.name,
  email: options.contactEmail ?? former.email,
  phone: options.contactPhone ?? former.phone,
});

const defaultsText = (defaults: SiteDefaults): string =>
  Object.entries(defaults)
    .map(([name, value]) => `${name}=${String(value)}`)
    .join(' ');

export function addSiteCommands(program: Command): Command {
  const site = program.command('site').description('places: who answers there, what their new devices begin with');
  look(site, 'list', {
    summary: 'list sites',
    examples: ['site list', 'site list --json'],
    run: async ({ context }) => (await context.api.sites.list()).items,
    text: (items) =>
      table(
        ['NAME', 'CUSTOMER', 'TIME ZONE', 'RELAYS', 'DEVICES', 'ID'],
        items.map((s) => [shownName(s), s.customerName, s.timeZone, String(s.relays), String(s.devices), s.id]),
      ),
  });
  look(site, 'show <site>', {
    summary: 'what is known of a site',
    examples: ['site show Warehouse'],
    run: ({ context: { api }, args: [word = ''] }) => siteNamed(api, word),
    text: (s) =>
      pairs([
        ['id', s.id],
        ['name', shownName(s)],
        ['customer', s.customerName],
        ['time zone', s.timeZone],
        ['address', s.address],
        ['contact', [s.contact.name, s.contact.email, s.contact.phone].filter((one) => one !== '').join(', ')],
        ['defaults', defaultsText(s.defaults)],
        ['relays', String(s.relays)],
        ['devices', String(s.devices)],
        ['notes', s.notes],
      ]),
  });
  addWrites(site);
  return site;
}

function addWrites(site: Command): void {
  act<SiteSummary & { next: string }, SiteOptions>(site, 'add <name>', {
    summary: 'make a site',
    examples: ['site add Warehouse --customer "Example Ltd" --time-zone Europe/Berlin --default interval=30'],
    options: described,
    run: async ({ context: { api }, args: [name = ''], options }) => {
      const made = await api.sites.create({
        name,
        ...textOf(options),
        ...(options.customer === undefined ? {} : { customerName: options.customer }),
        contact: contactOf(options),
        defaults: await changedDefaults(options.default ?? [], {}, async (word) => (await relayNamed(api, word)).id),
      });
      const { hasUnexportedOwner } = await api.session.me();
      const next = `no relay is let in before its owner signs: rmm charter first --site ${made.id} --owner-key <file>`;
      return { ...made, next: hasUnexportedOwner ? `let a relay in: rmm relay token --site ${made.id}` : next };
    },
    text: (made) => `made ${made.name} (${made.id})\n${made.next}`,
  });
  act<SiteSummary, SiteOptions>(site, 'update <site>', {
    summary: 'change what is known of a site',
    examples: ['site update Warehouse --contact-phone "+49 30 1234"', 'site update Warehouse --default credential=lan'],
    options: (command) => described(command.option('--name <name>', 'new name')),
    run: async ({ context: { api }, args: [word = ''], options }) => {
      const former = await siteNamed(api, word);
      const relayId = async (relay: string) => (await relayNamed(api, relay)).id;
      return api.sites.update({
        id: former.id,
        ...textOf(options),
        ...(options.name === undefined ? {} : { name: options.name }),
        ...(options.customer === undefined ? {} : { customerId: (await customerNamed(api, options.customer)).id }),
        contact: contactOf(options, former.contact),
        ...(options.default === undefined
          ? {}
          : { defaults: await changedDefaults(options.default, former.defaults, relayId) }),
      });
    },
    text: (s) => `changed ${s.name}`,
  });
  act<RemovalAnswer, { yes?: number }>(site, 'remove <site>', {
    summary: 'remove a site with its relays and devices; the relays are revoked',
    examples: ['site remove Warehouse            # shows what would go', 'site remove Warehouse --yes 12'],
    options: confirmRemoval,
    run: async ({ context: { api }, args: [word = ''], options }) => {
      const { id } = await siteNamed(api, word);
      if (options.yes === undefined) return { wouldRemove: await api.sites.removal({ id }) };
      return { removed: await api.sites.remove({ id, devices: options.yes }) };
    },
    text: removalText,
  });
}
