// `rmm freeze` and `rmm thaw`: one guardian stops a site, the owners or two people let it go on.
import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { FreezeId, newId, type SiteId } from '#shared/base/id.ts';
import { type Brake, SignedBrake, type Thaw } from '#shared/model/freeze.ts';
import { brakeText, readBrake, signBrake, signBrakeText } from '#shared/seal/freeze-seal.ts';
import type { Api } from './client.ts';
import { siteNamed } from './named.ts';
import { loadSigner } from './signer-key.ts';
import { act, collected } from './verb.ts';

async function brakeInForce(api: Api, site: SiteId): Promise<Brake | undefined> {
  const newest = (await api.sites.brake({ id: site })).signed.at(-1);
  return newest === undefined ? undefined : readBrake(newest);
}

/** Behind whatever is in force, though this machine's clock be behind the one that signed it. */
const after = (now: number, former: Brake | undefined): number => Math.max(now, (former?.at ?? 0) + 1);

interface Done {
  site: string;
  kind: string;
  told: number;
}

export function addFreezeCommand(program: Command): void {
  act<Done, { site: string; reason: string; key?: string }>(program, 'freeze', {
    summary: 'stop everything at a site: its relays take no order, stop what runs, and go on watching',
    examples: ['freeze --site Berlin --reason "laptop stolen"'],
    options: (command) =>
      command
        .requiredOption('--site <site>', 'which site')
        .option('--reason <text>', 'why, for the audit', '')
        .option('--key <file>', 'a guardian’s key instead of the one in the data folder'),
    run: async ({ context: { api, data }, options, now }) => {
      const site = await siteNamed(api, options.site);
      const at = after(now, await brakeInForce(api, site.id));
      const id = FreezeId.parse(newId(at));
      const brake = { v: 1, kind: 'freeze', site: site.id, id, at, reason: options.reason } as const;
      const signed = await signBrake(brake, [await loadSigner(data, options.key)]);
      return { site: site.name, ...(await api.sites.putBrake({ id: site.id, signed })) };
    },
    text: ({ site, told }) =>
      `${site} is frozen; ${told} linked relays were told, the others hear it when they come back`,
  });
}

interface ThawOptions {
  site: string;
  reason: string;
  key: string[];
  file?: string;
}

/** The thaw of `file`, or a new one for the freeze in force. */
async function thawOf(api: Api, site: SiteId, { file, reason }: ThawOptions, now: number): Promise<SignedBrake | Thaw> {
  const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
  if (text !== undefined) return SignedBrake.parse(JSON.parse(text));
  const former = await brakeInForce(api, site);
  if (former?.kind !== 'freeze') throw new AppError('conflict', 'the site is not frozen');
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

export function addThawCommand(program: Command): void {
  act<Done & { lacks?: string }, ThawOptions>(program, 'thaw', {
    summary: 'let a frozen site go on; the owners’ quorum or two people must sign, one after the other with --file',
    examples: ['thaw --site Berlin --key /media/usb/owner.key', 'thaw --site Berlin --file thaw.json --key me.key'],
    options: (command) =>
      command
        .requiredOption('--site <site>', 'which site')
        .option('--reason <text>', 'why, for the audit', '')
        .option('--key <file>', 'an owner key or a signing key; may be given several times', collected, [])
        .option('--file <file>', 'where the thaw waits for more signatures'),
    run: async ({ context: { api, data }, options, now }) => {
      const site = await siteNamed(api, options.site);
      if (options.key.length === 0) throw new AppError('bad-request', 'name at least one key with --key');
      const signed = await signThaw(await thawOf(api, site.id, options, now), data, options.key);
      try {
        return { site: site.name, ...(await api.sites.putBrake({ id: site.id, signed })) };
      } catch (error) {
        if (options.file === undefined) throw error;
        await writeFile(options.file, `${JSON.stringify(signed)}\n`, { mode: 0o600 });
        return {
          site: site.name,
          kind: 'thaw',
          told: 0,
          lacks: error instanceof Error ? error.message : String(error),
        };
      }
    },
    text: ({ site, told, lacks }) =>
      lacks === undefined
        ? `${site} takes orders again; ${told} linked relays were told`
        : `kept in the file: ${lacks}`,
  });
}
