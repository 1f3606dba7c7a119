// `rmm session ...` and `rmm token ...`: where somebody is signed in, and what scripts prove themselves with.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { SessionView } from '#shared/contract/session-contract.ts';
import type { TokenView } from '#shared/contract/token-contract.ts';
import { GrantOver } from '#shared/model/grant.ts';
import { age, table } from './output.ts';
import { act, collected, look, wholeNumber } from './verb.ts';

const ofPerson = (command: Command): Command => command.option('--person <id>', 'of somebody else, by their id');

interface OfPerson {
  person?: string;
}

export function addSessionCommands(program: Command): void {
  const session = program.command('session').description('where people are signed in');
  look<SessionView[], OfPerson>(session, 'list', {
    summary: 'list open sessions, newest first',
    examples: ['session list', 'session list --person 0198c7a2-...'],
    options: ofPerson,
    run: async ({ context: { api }, options: { person } }) =>
      (await api.session.list(person === undefined ? {} : { person })).items,
    text: (items, { now }) =>
      table(
        ['ID', 'BY', 'SINCE', 'LAST SEEN', 'FROM', 'PROGRAM'],
        items.map((one) => [
          one.id,
          one.via,
          age(one.createdAt, now),
          age(one.lastSeenAt, now),
          one.address ?? '',
          one.agent ?? '',
        ]),
      ),
  });
  act<{ ended: number }, OfPerson & { all?: true }>(session, 'revoke [id]', {
    summary: 'end one session, or with --all every one; live pages go blank within a moment',
    examples: ['session revoke 0198c7a2-...', 'session revoke --all', 'session revoke --all --person 0198c7a2-...'],
    options: (command) => ofPerson(command.option('--all', 'all sessions of the person')),
    run: ({ context: { api }, args: [id], options: { all, person } }) => {
      if (id !== undefined && all === undefined) return api.session.end({ id });
      if (id === undefined && all === true) return api.session.endAll(person === undefined ? {} : { person });
      throw new AppError('bad-request', 'name one session, or say --all');
    },
    text: ({ ended }) => `${ended} ended`,
  });
}

interface NewToken {
  days: number;
  verb: string[];
  over?: string[];
  address?: string[];
}

/** A year: what nobody renews within one, nobody needs. */
const MAX_DAYS = 365;
const DAY_MS = 24 * 3_600_000;

/** "everything", "site:<id>", "tag:<name>" ... */
function overOf(word: string): GrantOver {
  const at = word.indexOf(':');
  const parsed = GrantOver.safeParse(at < 0 ? { kind: word } : { kind: word.slice(0, at), id: word.slice(at + 1) });
  if (parsed.success) return parsed.data;
  throw new AppError('bad-request', `--over ${word}: everything, or customer, site, group, tag, device with :<id>`);
}

export function addTokenCommands(program: Command): void {
  const token = program.command('token').description('API tokens: limited, with an end, never above their person');
  look<TokenView[], OfPerson>(token, 'list', {
    summary: 'list API tokens; their secrets are kept nowhere',
    examples: ['token list', 'token list --json'],
    options: ofPerson,
    run: async ({ context: { api }, options: { person } }) =>
      (await api.tokens.list(person === undefined ? {} : { person })).items,
    text: (items, { now }) =>
      table(
        ['ID', 'NAME', 'MAY', 'OVER', 'ENDS', 'LAST USED', 'FROM'],
        items.map((one) => [
          one.id,
          one.name,
          one.verbs.join(' '),
          one.over.map((over) => (over.kind === 'everything' ? over.kind : `${over.kind}:${over.id}`)).join(' '),
          one.expiresAt === null ? 'never' : new Date(one.expiresAt).toISOString().slice(0, 10),
          one.lastUsedAt === null ? 'never' : age(one.lastUsedAt, now),
          one.isLocal ? 'this machine' : one.addresses.join(' '),
        ]),
      ),
  });
  act<{ token: TokenView; secret: string }, NewToken>(token, 'create <name>', {
    summary: 'make an API token; it is printed once',
    examples: [
      'token create backup --verb device.read --days 90',
      'token create wall --verb device.read --verb system.read --over site:0198c7a2-... --address 10.0.0.0/8',
    ],
    options: (command) =>
      command
        .requiredOption('--verb <pattern>', 'what it may: device.read, device.* or *; again for more', collected)
        .option('--days <days>', 'days until it ends', wholeNumber(1, MAX_DAYS), 90)
        .option(
          '--over <part>',
          'everything, or site:<id>, customer:<id>, group:<id>, tag:<name>, device:<id>',
          collected,
        )
        .option('--address <range>', 'where it may be used from; without any from everywhere', collected),
    run: ({ context: { api }, args: [name = ''], now, options: { days, verb, over, address } }) =>
      api.tokens.create({
        ...{ name, verbs: verb, expiresAt: now + days * DAY_MS },
        over: (over ?? ['everything']).map(overOf),
        addresses: address ?? [],
      }),
    text: ({ secret }) => secret,
  });
  act(token, 'revoke <id>', {
    summary: 'end an API token at once',
    examples: ['token revoke 0198c7a2-...'],
    run: ({ context: { api }, args: [id = ''] }) => api.tokens.remove({ id }),
    text: () => 'revoked',
  });
}
