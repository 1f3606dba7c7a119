// `rmm freeze` and `rmm thaw`: one guardian stops a site, the owners or two people let it go on.
import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { AppError, describeError } from '#shared/base/errors.ts';
import { FreezeId, newId, type SiteId } from '#shared/base/id.ts';
import type { SiteSummary } from '#shared/contract/site-contract.ts';
import { type Brake, SignedBrake, type Thaw } from '#shared/model/freeze.ts';
import { brakeText, readBrake, readThawOf, signBrake, signBrakeText } from '#shared/seal/freeze-seal.ts';
import type { SigningKey } from '#shared/seal/key-pair.ts';
import type { Api } from './client.ts';
import { toAppError } from './client.ts';
import { siteNamed } from './named.ts';
import { loadSigner } from './signer-key.ts';
import { act, collected } from './verb.ts';

const newest = (signed: readonly SignedBrake[]): Brake | undefined => {
  const last = signed.at(-1);
  return last === undefined ? undefined : readBrake(last);
};

/** Behind whatever is in force, though this machine's clock be behind the one that signed it. */
const after = (now: number, former: Brake | undefined): number => Math.max(now, (former?.at ?? 0) + 1);

interface Done {
  site: string;
  kind: string;
  told: number;
}

interface FreezeOptions {
  site?: string;
  all?: boolean;
  reason: string;
  key?: string;
}

interface Frozen extends Done {
  /** Why this one could not be stopped; the others were all the same. */
  fault?: string;
}

type Place = Pick<SiteSummary, 'name'> & { id: string };

async function freeze(api: Api, site: Place, key: SigningKey, ask: { reason: string; now: number }): Promise<Done> {
  const at = after(ask.now, newest((await api.sites.brake({ id: site.id })).signed));
  const id = FreezeId.parse(newId(at));
  // The id is the console's own: its form was judged with the answer.
  const brake = { v: 1, kind: 'freeze', site: site.id as SiteId, id, at, reason: ask.reason } as const;
  return { site: site.name, ...(await api.sites.putBrake({ id: site.id, signed: await signBrake(brake, [key]) })) };
}

/** Each for itself: a site that this key may not stop keeps no other one running. */
async function freezeAll(api: Api, key: SigningKey, ask: { reason: string; now: number }): Promise<Frozen[]> {
  const { items } = await api.sites.list();
  const done: Frozen[] = [];
  for (const site of items)
    done.push(
      await freeze(api, site, key, ask).catch((error: unknown) => ({
        site: site.name,
        kind: 'not frozen',
        told: 0,
        fault: toAppError(error).message,
      })),
    );
  if (done.length > 0 && done.every(({ fault }) => fault !== undefined))
    throw new AppError('denied', `no site was frozen: ${done[0]?.fault}`);
  return done;
}

const frozenText = ({ site, told, fault }: Frozen): string =>
  fault === undefined
    ? `${site} is frozen; ${told} linked relays were told, the others hear it when they come back`
    : `${site} is NOT frozen: ${fault}`;

export function addFreezeCommand(program: Command): void {
  act<Done | Frozen[], FreezeOptions>(program, 'freeze', {
    summary: 'stop everything at a site: its relays take no order, stop what runs, and go on watching',
    examples: ['freeze --site Berlin --reason "laptop stolen"', 'freeze --all --reason "console stolen"'],
    options: (command) =>
      command
        .option('--site <site>', 'which site')
        .option('--all', 'every site')
        .option('--reason <text>', 'why, for the audit', '')
        .option('--key <file>', 'a guardian’s key instead of the one in the data folder'),
    run: async ({ context: { api, data }, options: { site, all, reason, key }, now }) => {
      if ((site === undefined) === (all !== true))
        throw new AppError('bad-request', 'name one site with --site, or say --all');
      const signer = await loadSigner(data, key);
      if (site === undefined) return freezeAll(api, signer, { reason, now });
      return freeze(api, await siteNamed(api, site), signer, { reason, now });
    },
    text: (done) => (Array.isArray(done) ? done.map(frozenText).join('\n') : frozenText(done)),
  });
}

interface ThawOptions {
  site: string;
  reason: string;
  key: string[];
  file?: string;
}

/** The signed thaw in the text of `file`; says of which file it was when there is none in it. */
export function thawInFile(file: string, text: string): SignedBrake {
  try {
    const signed = SignedBrake.parse(JSON.parse(text));
    if (readBrake(signed).kind === 'thaw') return signed;
  } catch (cause) {
    throw new AppError('bad-request', `${file}: holds no signed thaw; without the file a new one is begun`, { cause });
  }
  throw new AppError('bad-request', `${file}: holds a freeze, not a thaw`);
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    // The first who signs makes the file.
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new AppError('bad-request', `${file}: cannot be read: ${describeError(cause).message}`, { cause });
  }
}

/** The thaw of `file`, the one that waits at the console, or a new one for the freeze in force. */
async function thawOf(api: Api, site: SiteId, { file, reason }: ThawOptions, now: number): Promise<SignedBrake | Thaw> {
  const text = file === undefined ? undefined : await textOf(file);
  const { signed, waiting } = await api.sites.brake({ id: site });
  const former = newest(signed);
  if (former?.kind !== 'freeze') throw new AppError('conflict', 'the site is not frozen');
  const begun = file === undefined ? waiting?.signed : text === undefined ? undefined : thawInFile(file, text);
  // What a file or the console hands out is signed only when it lets this very site go on from this very freeze.
  if (begun !== undefined && readThawOf(begun, { site, id: former.id })) return begun;
  const at = after(now, former);
  return { v: 1, kind: 'thaw', site, id: FreezeId.parse(newId(at)), at, freezes: former.id, reason };
}

async function signThaw(thaw: SignedBrake | Thaw, data: string, files: readonly string[]): Promise<SignedBrake> {
  const keys = await Promise.all(files.map((file) => loadSigner(data, file)));
  if ('kind' in thaw) return signBrake(thaw, keys);
  const brake = readBrake(thaw);
  const more = await Promise.all(keys.map((key) => signBrakeText(brakeText(brake), brake.kind, key)));
  return { text: thaw.text, signatures: [...thaw.signatures, ...more] };
}

interface Thawed extends Done {
  lacks?: string;
  /** Where it waits for the next person. */
  keptIn?: string;
}

/** With a file nothing waits at the console: the half-signed thaw goes from hand to hand. */
export async function deliver(api: Api, site: Place, signed: SignedBrake, file: string | undefined): Promise<Thawed> {
  if (file === undefined) {
    const { told, lacks } = await api.sites.signThaw({ id: site.id, signed });
    return { site: site.name, kind: 'thaw', told, ...(lacks === null ? {} : { lacks, keptIn: 'the console' }) };
  }
  try {
    return { site: site.name, ...(await api.sites.putBrake({ id: site.id, signed })) };
  } catch (error) {
    // Whatever went wrong: what somebody signed is not lost.
    await writeFile(file, `${JSON.stringify(signed)}\n`, { mode: 0o600 });
    const { code, message } = toAppError(error);
    if (code !== 'signature-missing') throw new AppError(code, `${message}; the signed thaw is kept in ${file}`);
    return { site: site.name, kind: 'thaw', told: 0, lacks: message, keptIn: file };
  }
}

export function addThawCommand(program: Command): void {
  act<Thawed, ThawOptions>(program, 'thaw', {
    summary: 'let a frozen site go on; the owners’ quorum or two people must sign, one after the other',
    examples: ['thaw --site Berlin --key /media/usb/owner.key', 'thaw --site Berlin --file thaw.json --key me.key'],
    options: (command) =>
      command
        .requiredOption('--site <site>', 'which site')
        .option('--reason <text>', 'why, for the audit', '')
        .option('--key <file>', 'an owner key or a signing key; may be given several times', collected, [])
        .option('--file <file>', 'where the thaw waits for more signatures, instead of at the console'),
    run: async ({ context: { api, data }, options, now }) => {
      const site = await siteNamed(api, options.site);
      if (options.key.length === 0) throw new AppError('bad-request', 'name at least one key with --key');
      const signed = await signThaw(await thawOf(api, site.id, options, now), data, options.key);
      return deliver(api, site, signed, options.file);
    },
    text: ({ site, told, lacks, keptIn }) =>
      lacks === undefined
        ? `${site} takes orders again; ${told} linked relays were told`
        : `${site} is still frozen; signed and kept in ${keptIn}: ${lacks}`,
  });
}
