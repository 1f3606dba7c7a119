// `rmm variable set, list, delete`: values are sealed on this machine for the relays of a site; the console carries what it cannot read.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { SiteId } from '#shared/base/id.ts';
import type { VariableSummary } from '#shared/contract/variable-contract.ts';
import type { SealingKey } from '#shared/model/charter.ts';
import { type VariableHeader, VariableSecret, VariableValue } from '#shared/model/variable.ts';
import { VariableName } from '#shared/model/variable-name.ts';
import { readHidden } from '#shared/runtime/read-hidden.ts';
import { draftDeletion, draftVariable, signVariable } from '#shared/seal/variable-seal.ts';
import type { Api } from './client.ts';
import { siteNamed } from './named.ts';
import { age, table } from './output.ts';
import { sealingKeysFor } from './sealing-keys.ts';
import { loadSigner } from './signer-key.ts';
import { act, collected, look } from './verb.ts';

interface OfSite {
  site: string;
}

interface SetOptions extends OfSite {
  expires?: string;
  relayKey?: string[];
  owner?: string;
  key?: string;
}

type Put = Awaited<ReturnType<Api['variables']['put']>>;

const firstIssue = (error: { issues: ReadonlyArray<{ message: string }> }) => error.issues[0]?.message ?? 'not right';

function checkedName(text: string): VariableName {
  const name = VariableName.safeParse(text);
  if (name.success) return name.data;
  throw new AppError('bad-request', `variable "${text}": ${firstIssue(name.error)}`);
}

/** The header of the next version; a console that tells a low number gets it refused by the relays. */
async function nextHeader(api: Api, site: SiteId, text: string): Promise<VariableHeader> {
  const name = checkedName(text);
  const { items } = await api.variables.list({ siteId: site });
  const known = items.find((one) => one.name === name);
  return { v: 1, kind: 'variable', site, name, version: (known?.version ?? 0) + 1 };
}

/** One key per relay of the site, and the escrow key where an owner signed one. Throws what a person has to do first. */
async function keysOf(api: Api, data: string, site: SiteId, { relayKey, owner }: SetOptions): Promise<SealingKey[]> {
  const relays = (await api.relays.list()).items.filter((relay) => relay.siteId === site && !relay.isRevoked);
  if (relays.length === 0) throw new AppError('not-found', 'the site has no relay to seal it for');
  const { vaults } = await api.credentials.list();
  const keys = new Map<string, SealingKey>();
  for (const { id: relay } of relays) {
    const told = vaults.find(({ relayId }) => relayId === relay)?.sealingKey.id;
    // Of several fingerprints the one that is this relay's; when none is, the first, so that the error names both.
    const given = relayKey?.find((one) => one === told) ?? (relays.length === 1 ? relayKey?.[0] : undefined);
    const found = await sealingKeysFor(api, { data, relay, site, relayKey: given, owner });
    for (const key of found) keys.set(key.id, key);
  }
  return [...keys.values()];
}

function endOf(expires: string | undefined): number | undefined {
  const notAfter = expires === undefined ? undefined : Date.parse(expires);
  if (Number.isNaN(notAfter))
    throw new AppError('bad-request', `--expires ${expires}: expected a date such as 2027-03-31`);
  return notAfter;
}

async function readValue(name: string): Promise<string> {
  const value = VariableValue.safeParse(await readHidden(`value of ${name}`));
  if (value.success) return value.data;
  throw new AppError('bad-request', `${name}: ${firstIssue(value.error)}`);
}

const onSite = (command: Command) => command.requiredOption('--site <site>', 'id or name of the site it belongs to');
const KEY = ['--key <file>', 'a signing key of your own instead of the one in the data folder'] as const;

const toldText = (told: number) =>
  told === 0 ? 'relays get it when they connect' : `sent to ${told === 1 ? 'its relay' : `${told} relays`}`;

function addSet(variable: Command): void {
  act<Put, SetOptions>(variable, 'set <name>', {
    summary: 'seal a value for the relays of a site, on this machine; it is read from standard input or a prompt',
    examples: [
      'variable set BACKUP_PASS --site Warehouse --relay-key KEY < secret',
      'variable set API_TOKEN --site Warehouse --owner KEY --expires 2027-03-31',
    ],
    options: (command) =>
      onSite(command)
        .option('--expires <date>', 'given to no order from then on')
        .option(
          '--relay-key <fingerprint>',
          'as `rmm relay sealing-key` prints it at the relay; once per relay, remembered',
          collected,
        )
        .option('--owner <fingerprint>', 'believe the keys that this owner signed into the charter, escrow included')
        .option(...KEY),
    run: async ({ context: { api, data, clock }, args: [name = ''], options }) => {
      const site = (await siteNamed(api, options.site)).id;
      const header = await nextHeader(api, site, name);
      const notAfter = endOf(options.expires);
      const keys = await keysOf(api, data, site, options);
      const signer = await loadSigner(data, options.key);
      const use = { actions: ['command.run'], ...(notAfter === undefined ? {} : { notAfter }) };
      const secret = VariableSecret.parse({ ...use, value: await readValue(name) });
      const draft = await draftVariable({ header, secret, keys, issuedAt: clock.now() });
      return api.variables.put({ sealed: await signVariable(draft, signer) });
    },
    text: ({ name, version, told }) => `set ${name}, version ${version}; ${toldText(told)}\n`,
  });
}

function addDelete(variable: Command): void {
  act<Put, OfSite & { key?: string }>(variable, 'delete <name>', {
    summary: 'sign that the relays of a site shall forget a variable; orders that name it fail from then on',
    examples: ['variable delete BACKUP_PASS --site Warehouse'],
    options: (command) => onSite(command).option(...KEY),
    run: async ({ context: { api, data, clock }, args: [name = ''], options }) => {
      const header = await nextHeader(api, (await siteNamed(api, options.site)).id, name);
      if (header.version === 1) throw new AppError('not-found', `the site has no variable ${name}`);
      const draft = draftDeletion(header, clock.now());
      return api.variables.put({ sealed: await signVariable(draft, await loadSigner(data, options.key)) });
    },
    text: ({ name, told }) => `deleted ${name}; ${toldText(told)}\n`,
  });
}

type Listed = VariableSummary & { siteName: string };

function stateText({ isDeleted, relays }: VariableSummary): string {
  const count = (state: string) => relays.filter((one) => one.state === state).length;
  if (isDeleted) return `deleted at ${count('deleted')} of ${relays.length} relays`;
  const held = `held by ${count('open')} of ${relays.length} relays`;
  return relays.some(({ needsSealing }) => needsSealing) ? `${held}, set it again` : held;
}

const variableTable = (items: readonly Listed[], now: number): string =>
  table(
    ['NAME', 'SITE', 'VERSION', 'STATE', 'SET', 'SIGNED BY', 'ENDS'],
    items.map((one) => [
      one.name,
      one.siteName,
      String(one.version),
      stateText(one),
      age(one.issuedAt, now),
      one.signer.slice(0, 12),
      one.notAfter === null ? '-' : new Date(one.notAfter).toISOString().slice(0, 10),
    ]),
  );

export function addVariableCommands(program: Command): void {
  const variable = program.command('variable').description('values sealed for orders; the console holds ciphertext');
  look<Listed[], Partial<OfSite>>(variable, 'list', {
    summary: 'sealed variables: where they are held and when they end; never a value',
    examples: ['variable list', 'variable list --site Warehouse'],
    options: (command) => command.option('--site <site>', 'of this site alone'),
    run: async ({ context: { api }, options: { site } }) => {
      const siteId = site === undefined ? undefined : (await siteNamed(api, site)).id;
      const [{ items }, sites] = await Promise.all([
        api.variables.list(siteId === undefined ? {} : { siteId }),
        api.sites.list(),
      ]);
      const nameOf = (id: string) => sites.items.find((one) => one.id === id)?.name ?? id;
      return items.map((one) => ({ ...one, siteName: nameOf(one.siteId) }));
    },
    text: (items, { now }) => variableTable(items, now),
  });
  addSet(variable);
  addDelete(variable);
}

/** As they stand in an order's arguments. */
export const varsNamed = (names: readonly string[] = []) =>
  names.length === 0 ? {} : { vars: names.map(checkedName) };

/** Each site among an order's targets has what it names. The relays' word counts; this only spares a failed order. */
export async function checkVariables(api: Api, names: readonly string[], sites: ReadonlySet<string>): Promise<void> {
  if (names.length === 0) return;
  const { items } = await api.variables.list({});
  for (const site of sites)
    for (const name of names)
      if (!items.some((one) => one.siteId === site && one.name === name && !one.isDeleted))
        throw new AppError(
          'not-found',
          `site ${site} has no variable ${name}: rmm variable set ${name} --site ${site}`,
        );
}
