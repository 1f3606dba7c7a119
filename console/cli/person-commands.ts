// `rmm person ...`, `rmm role ...` and `rmm auth why`: people, what each may do, and the rule that decides.
import { type Command, Option } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { GrantSummary, PersonSummary, RoleSummary, Why } from '#shared/contract/people-contract.ts';
import { GrantOver, type NewGrant, ROLE_NAMES, RoleName } from '#shared/model/grant.ts';
import type { Api } from './client.ts';
import { customerNamed, deviceNamed, groupNamed, oneOf, siteNamed } from './named.ts';
import { table } from './output.ts';
import { act, collected, look } from './verb.ts';

interface GrantOptions {
  role?: string;
  verb?: string[];
  over?: string;
  deny?: true;
  from?: string;
  until?: string;
}

const grantOptions = (command: Command): Command =>
  command
    .addOption(new Option('--role <role>', 'a role that ships').choices(ROLE_NAMES))
    .option(
      '--verb <pattern>',
      'a verb instead of a role, such as "device.read" or "device.*"; again for more',
      collected,
    )
    .option('--over <part>', 'everything, or customer:, site:, group:, tag: or device: with a name or id', 'everything')
    .option('--deny', 'deny it; a denial wins over what is allowed')
    .option('--from <time>', 'it holds from then on, such as 2027-01-31T08:00Z')
    .option('--until <time>', 'it ends then');

const personNamed = async (api: Api, word: string): Promise<PersonSummary> =>
  oneOf('person', (await api.people.list()).items, word);

async function overNamed(api: Api, words: string): Promise<GrantOver> {
  if (words === 'everything') return { kind: 'everything' };
  const at = words.indexOf(':');
  const [kind, word] = [words.slice(0, at), words.slice(at + 1)];
  const ids: Record<string, () => Promise<string>> = {
    customer: async () => (await customerNamed(api, word)).id,
    site: async () => (await siteNamed(api, word)).id,
    group: async () => (await groupNamed(api, word)).id,
    device: () => deviceNamed(api, word),
    tag: async () => word,
  };
  const find = Object.hasOwn(ids, kind) ? ids[kind] : undefined;
  if (at < 1 || find === undefined)
    throw new AppError(
      'bad-request',
      `--over ${words}: everything, or customer, site, group, tag or device with ":name"`,
    );
  return GrantOver.parse({ kind, id: await find() });
}

function timeOf(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new AppError('bad-request', `--${name} ${text}: a time such as 2027-01-31T08:00Z`);
  return at;
}

async function grantOf(api: Api, options: GrantOptions): Promise<NewGrant> {
  const { role, verb: verbs = [], over = 'everything', deny, from, until } = options;
  if ((role === undefined) === (verbs.length === 0))
    throw new AppError('bad-request', 'give --role, or --verb, not both');
  return {
    effect: deny === true ? 'deny' : 'allow',
    role: role === undefined ? null : RoleName.parse(role),
    verbs,
    over: await overNamed(api, over),
    ...{ from: timeOf('from', from), until: timeOf('until', until), hours: null },
  };
}

const whereOf = ({ over, overName }: GrantSummary): string =>
  over.kind === 'everything' ? over.kind : `${over.kind} ${overName ?? over.id}`;

const whatOf = ({ role, verbs }: GrantSummary): string => role ?? verbs.join(' ');

const whenOf = ({ from, until, hours, isActive }: GrantSummary): string =>
  [
    ...(from === null ? [] : [`from ${new Date(from).toISOString()}`]),
    ...(until === null ? [] : [`until ${new Date(until).toISOString()}`]),
    ...(hours === null ? [] : [`in hours of ${hours.timeZone}`]),
    ...(isActive ? [] : ['not now']),
  ].join(', ');

const grantLine = (grant: GrantSummary): string =>
  [grant.effect, whatOf(grant), 'over', whereOf(grant), whenOf(grant)].filter((word) => word !== '').join(' ');

const grantsTable = (grants: readonly GrantSummary[]): string =>
  table(
    ['EFFECT', 'WHAT', 'OVER', 'WHEN', 'ID'],
    grants.map((grant) => [grant.effect, whatOf(grant), whereOf(grant), whenOf(grant), grant.id]),
  );

const personText = (person: PersonSummary): string =>
  `${person.name} (${person.id})${person.disabledAt === null ? '' : ', disabled'}\n${grantsTable(person.grants)}`;

export function addPersonCommands(program: Command): void {
  const person = program.command('person').description('people, and what each may do');
  look(person, 'list', {
    summary: 'list people with what each may do',
    examples: ['person list', 'person list --json'],
    run: async ({ context }) => (await context.api.people.list()).items,
    text: (items) =>
      table(
        ['NAME', 'STATE', 'MAY', 'ID'],
        items.map(({ name, disabledAt, grants, id }) => [
          name,
          disabledAt === null ? 'enabled' : 'disabled',
          grants.map(grantLine).join('; ') || 'nothing',
          id,
        ]),
      ),
  });
  look(person, 'show <person>', {
    summary: 'one person with every grant',
    examples: ['person show alice'],
    run: ({ context: { api }, args: [word = ''] }) => personNamed(api, word),
    text: personText,
  });
  act<{ person: PersonSummary; invitation: { url: string } }, GrantOptions>(person, 'invite <name>', {
    summary: 'invite a person, or make another sign-in link for one who is there; the link is shown once',
    examples: ['person invite alice --role technician --over site:Berlin', 'person invite alice'],
    options: grantOptions,
    run: async ({ context: { api }, args: [name = ''], options }) => {
      const known = (await api.people.list()).items.find((one) => one.name === name || one.id === name);
      if (known !== undefined) return { person: known, invitation: await api.people.invite({ id: known.id }) };
      const isBare = options.role === undefined && options.verb === undefined;
      return api.people.create({ name, grants: isBare ? [] : [await grantOf(api, options)] });
    },
    text: ({ person: one, invitation }) => `${personText(one)}\nsign-in link, good once: ${invitation.url}`,
  });
  addChanges(person);
}

function addChanges(person: Command): void {
  act(person, 'rename <person> <name>', {
    summary: 'give a person another name',
    examples: ['person rename alice "Alice Miller"'],
    run: async ({ context: { api }, args: [word = '', name = ''] }) =>
      api.people.update({ id: (await personNamed(api, word)).id, name }),
    text: ({ name }) => `renamed to ${name}`,
  });
  for (const isDisabled of [true, false])
    act(person, `${isDisabled ? 'disable' : 'enable'} <person>`, {
      summary: isDisabled ? 'sign a person out everywhere and let them in no more' : 'let a person in again',
      examples: [`person ${isDisabled ? 'disable' : 'enable'} alice`],
      run: async ({ context: { api }, args: [word = ''] }) =>
        api.people.update({ id: (await personNamed(api, word)).id, isDisabled }),
      text: ({ name, disabledAt }) => `${name} is ${disabledAt === null ? 'enabled' : 'disabled'}`,
    });
  act(person, 'remove <person>', {
    summary: 'remove a person with their sessions, tokens and grants; what they did stays in the audit',
    examples: ['person remove alice'],
    run: async ({ context: { api }, args: [word = ''] }) =>
      api.people.remove({ id: (await personNamed(api, word)).id }),
    text: () => 'removed',
  });
  act<GrantSummary, GrantOptions>(person, 'grant <person>', {
    summary: 'allow or deny a person something; it holds at once',
    examples: [
      'person grant alice --role technician --over site:Berlin',
      'person grant alice --deny --verb "device.*" --over tag:payroll',
    ],
    options: grantOptions,
    run: async ({ context: { api }, args: [word = ''], options }) =>
      api.people.grant({ id: (await personNamed(api, word)).id, grant: await grantOf(api, options) }),
    text: (grant) => `${grantLine(grant)} (${grant.id})`,
  });
  act(person, 'ungrant <person> <grant>', {
    summary: 'take a grant from a person; it ends at once',
    examples: ['person ungrant alice 0198c7a2-...'],
    run: async ({ context: { api }, args: [word = '', grant = ''] }) =>
      api.people.ungrant({ id: (await personNamed(api, word)).id, grant }),
    text: () => 'taken',
  });
}

export function addRoleCommands(program: Command): void {
  const role = program.command('role').description('the roles, and what each may do');
  look<RoleSummary[]>(role, 'list', {
    summary: 'list the roles with every verb they hold',
    examples: ['role list'],
    run: async ({ context }) => (await context.api.roles.list()).items,
    text: (items) =>
      items
        .map(({ name, sentence, verbs }) => {
          const lines = verbs.map((one) => [`  ${one.verb}`, one.isDangerous ? '!' : '', one.sentence]);
          return `${name}: ${sentence}\n${table(['  VERB', '', 'MEANING'], lines)}`;
        })
        .join('\n\n'),
  });
}

export function addAuthCommands(program: Command): void {
  const auth = program.command('auth').description('why somebody may do something, or may not');
  look<Why>(auth, 'why <person> <verb> [thing]', {
    summary: 'print the rule that lets a person do something, or stops them',
    examples: [
      'auth why alice reboot host1',
      'auth why alice device.read site:Berlin',
      'auth why alice customer.write',
    ],
    run: async ({ context: { api }, args: [word = '', verb = '', resource] }) =>
      api.people.why({ id: (await personNamed(api, word)).id, verb, ...(resource === undefined ? {} : { resource }) }),
    text: ({ text, considered }) =>
      [text, ...considered.map((one) => `  ${one.counts ? '*' : '-'} ${one.text}`)].join('\n'),
  });
}
