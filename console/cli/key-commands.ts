// `rmm owner new, list, drill` and `rmm signer new`: keys of people, made on their own machines, and a rehearsal of losing one.
import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { createPrivateFile } from '#shared/crypto/private-file.ts';
import { type Charter, Signer } from '#shared/model/charter.ts';
import { draftNextCharter } from '#shared/seal/charter-draft.ts';
import { readCharter, signCharter, trustOf, verifyCharter } from '#shared/seal/charter-seal.ts';
import { exportSigningKey, generateSigningKey, type SigningKey } from '#shared/seal/key-pair.ts';
import { paperWords } from '#shared/seal/paper-key.ts';
import { siteNamed } from './named.ts';
import { table } from './output.ts';
import { loadOwner } from './owner-key.ts';
import { act, collected } from './verb.ts';

async function newKey(file: string, publicHalf: (key: SigningKey) => unknown): Promise<SigningKey> {
  const key = await generateSigningKey();
  createPrivateFile(file, await exportSigningKey(key));
  await writeFile(`${file}.pub`, `${JSON.stringify(publicHalf(key))}\n`);
  return key;
}

function addNewOwner(owner: Command): void {
  act<{ id: string; file: string; paper: string }, { paper?: boolean }>(owner, 'new <file>', {
    summary: 'make one more owner key; with --paper it is also printed, to be kept in a safe',
    examples: ['owner new /media/usb/second-owner.key', 'owner new paper.key --paper'],
    options: (command) => command.option('--paper', 'print the key itself, once'),
    run: async ({ args: [file = ''], options }) => {
      const key = await newKey(file, ({ publicKey }) => publicKey);
      return { id: key.publicKey.id, file, paper: options.paper === true ? await paperWords(key) : '' };
    },
    text: ({ id, file, paper }) =>
      [
        `owner key ${id} is in ${file}; its public half in ${file}.pub`,
        `it counts once a charter names it: rmm charter propose --site <site> --add-owner ${file}.pub`,
        ...(paper === '' ? [] : ['', 'for paper; these words, typed into a file, are this key:', paper.trimEnd()]),
      ].join('\n'),
  });
}

function addListOwners(owner: Command): void {
  act<{ quorum: number; owners: string[] }, { site: string }>(owner, 'list', {
    summary: 'the owner keys of a site, and how many of them must sign its charter',
    examples: ['owner list --site Berlin'],
    options: (command) => command.requiredOption('--site <site>', 'which site'),
    run: async ({ context: { api }, options }) => {
      const site = await siteNamed(api, options.site);
      const charter = await readCharter((await api.sites.charter({ id: site.id })).signed);
      return { quorum: charter.quorum, owners: charter.owners.map(({ id }) => id) };
    },
    text: ({ quorum, owners }) =>
      `${table(
        ['OWNER'],
        owners.map((id) => [id]),
      )}\n${quorum} must sign`,
  });
}

/** What losing `lost` would mean: whether the keys at hand can sign it out of the charter. Nothing is sent or kept. */
export async function rehearse(
  charter: Charter,
  keys: readonly SigningKey[],
  lost: string,
  now: number,
): Promise<string> {
  const signers = charter.signers.filter(({ name, key }) => name !== lost && key.id !== lost);
  if (signers.length === charter.signers.length) throw new AppError('not-found', `no signer ${lost} in the charter`);
  const next = draftNextCharter(charter, { signers }, now);
  await verifyCharter(await signCharter(next, keys), trustOf(charter));
  const left = signers.filter(({ role }) => role === 'technician').length;
  const orders =
    left === 0 ? 'nobody could order anything then: add a signer in the same charter' : `${left} may order then`;
  return `these keys can take ${lost} out with charter ${next.version}; ${orders}`;
}

function addDrill(owner: Command): void {
  act<{ result: string }, { site: string; ownerKey: string[]; lost: string }>(owner, 'drill', {
    summary: 'rehearse "phone lost": can the owner keys at hand take a signer out? Changes nothing',
    examples: ['owner drill --site Berlin --lost "ann phone" --owner-key /media/usb/owner.key'],
    options: (command) =>
      command
        .requiredOption('--site <site>', 'which site')
        .requiredOption('--lost <name or id>', 'the signer that is gone')
        .option('--owner-key <file>', 'an owner key; may be given several times', collected, []),
    run: async ({ context: { api }, options, now }) => {
      const site = await siteNamed(api, options.site);
      const charter = await readCharter((await api.sites.charter({ id: site.id })).signed);
      const keys = await Promise.all(options.ownerKey.map(loadOwner));
      return { result: await rehearse(charter, keys, options.lost, now) };
    },
    text: ({ result }) => `${result}\nnothing was changed`,
  });
}

export function addOwnerCommands(program: Command): void {
  // `rmm owner export` and `paper` stand there already where the whole program does.
  const known = program.commands.find((command) => command.name() === 'owner');
  const owner = known ?? new Command('owner').description('the keys that decide on charters');
  if (known === undefined) program.addCommand(owner);
  addNewOwner(owner);
  addListOwners(owner);
  addDrill(owner);
}

interface SignerOptions {
  name: string;
  role: string;
  person?: string;
  guardian?: boolean;
}

export function addSignerCommands(program: Command): void {
  const signer = program.command('signer').description('keys that sign orders, each made where it is used');
  act<{ id: string; file: string }, SignerOptions>(signer, 'new <file>', {
    summary: 'make a signing key on this machine; an owner puts its public half into a charter',
    examples: ['signer new ~/ann.key --name ann', 'signer new guard.key --name "night desk" --role guardian'],
    options: (command) =>
      command
        .requiredOption('--name <name>', 'what the key is called in the charter')
        .option('--role <role>', 'technician, approver or guardian', 'technician')
        .option('--person <name>', 'who holds it, when the name says it not')
        .option('--guardian', 'may freeze, beside what the role allows'),
    run: async ({ args: [file = ''], options }) => {
      const { publicKey } = await newKey(file, ({ publicKey: key }) => {
        const held = options.person === undefined ? {} : { person: options.person };
        const guards = options.guardian === true ? { isGuardian: true } : {};
        return Signer.parse({ kind: 'cli-ed25519', key, name: options.name, role: options.role, ...held, ...guards });
      });
      return { id: publicKey.id, file };
    },
    text: ({ id, file }) =>
      `key ${id} is in ${file}\nit counts once a charter names it: rmm charter propose --site <site> --add-signer ${file}.pub`,
  });
}
