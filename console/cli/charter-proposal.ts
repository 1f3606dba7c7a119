// `rmm charter propose`, `diff` and `sign`: the next charter as a file, read by its owners and signed by each of them.
import { readFile, writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import { AppError } from '#shared/base/errors.ts';
import { Charter, PublicKey, SignedCharter, Signer } from '#shared/model/charter.ts';
import { canonicalJson } from '#shared/seal/canonical.ts';
import { type CharterChange, draftNextCharter } from '#shared/seal/charter-draft.ts';
import { readCharter, signCharter, trustOf, verifyCharter } from '#shared/seal/charter-seal.ts';
import { PROFILE_TIERS } from '#shared/seal/profile-tiers.ts';
import { charterDifference, differenceText } from './charter-text.ts';
import type { Api } from './client.ts';
import { siteNamed } from './named.ts';
import { loadOwner, ownerFile } from './owner-key.ts';
import { type PasskeyOptions, passkeySignerOf, withPasskey } from './passkey-option.ts';
import { act, collected, wholeNumber } from './verb.ts';

/** Not signed yet, or not by enough owners. */
const Proposal = z.strictObject({ charter: z.string(), signatures: z.array(z.string()) });

const charterInForce = async (api: Api, site: string): Promise<Charter> =>
  readCharter((await api.sites.charter({ id: (await siteNamed(api, site)).id })).signed);

interface ProposeOptions extends PasskeyOptions {
  site: string;
  people?: string;
  addSigner: string[];
  removeSigner: string[];
  addOwner: string[];
  quorum?: number;
  stopSeconds?: number;
  rendered?: number;
  canary?: number;
  haltPercent?: number;
  out: string;
}

const jsonOf = async (file: string): Promise<unknown> => JSON.parse(await readFile(file, 'utf8'));

/** A profile whose tiers reach more devices than the caps would otherwise be that profile in name only. */
function capsFor(profile: Charter['profile'], { caps }: Charter): Partial<Charter['caps']> {
  if (profile === 'solo') return {};
  const rules = Object.values(PROFILE_TIERS[profile]);
  const ofBatch = Math.max(...rules.map((rule) => rule.devicesPerBatch));
  const inAll = rules.reduce((sum, rule) => sum + rule.devicesPerTenMinutes, 0);
  return {
    devicesPerManifest: Math.max(caps.devicesPerManifest, ofBatch),
    devicesPerTenMinutes: Math.max(caps.devicesPerTenMinutes, inAll),
  };
}

async function changeOf(
  current: Charter,
  options: ProposeOptions,
  passkey: Signer | undefined,
): Promise<CharterChange> {
  const added = await Promise.all(options.addSigner.map(async (file) => Signer.parse(await jsonOf(file))));
  const owners = await Promise.all(options.addOwner.map(async (file) => PublicKey.parse(await jsonOf(file))));
  const isKept = ({ name, key }: Signer) =>
    !options.removeSigner.includes(name) && !options.removeSigner.includes(key.id);
  const change: CharterChange = {
    signers: [...current.signers.filter(isKept), ...added, ...(passkey === undefined ? [] : [passkey])],
    owners: [...current.owners, ...owners],
  };
  if (options.people !== undefined) {
    const profile = Charter.shape.profile.parse(options.people);
    Object.assign(change, { profile, caps: capsFor(profile, current) });
  }
  if (options.quorum !== undefined) change.quorum = options.quorum;
  const adHoc = {
    ...(options.stopSeconds === undefined ? {} : { stopMs: options.stopSeconds * 1_000 }),
    ...(options.rendered === undefined ? {} : { rendered: options.rendered }),
    ...(options.canary === undefined ? {} : { canary: options.canary }),
    ...(options.haltPercent === undefined ? {} : { haltPercent: options.haltPercent }),
  };
  if (Object.keys(adHoc).length > 0) change.tiers = { ...current.tiers, t3: { ...current.tiers?.t3, ...adHoc } };
  return change;
}

interface Proposed {
  file: string;
  difference: string[][];
  text: string;
  /** Of the passkey that comes new. */
  fingerprint: string | null;
}

function addPropose(charter: Command): void {
  act<Proposed, ProposeOptions>(charter, 'propose', {
    summary: 'write the next charter into a file, for its owners to read and sign',
    examples: [
      'charter propose --site Berlin --people team --add-signer ann.key.pub --add-signer bob.key.pub',
      'charter propose --site Berlin --add-owner paper.key.pub',
      'charter propose --site Berlin --passkey rmm-passkey-1.eyJ... --name "ann phone" --person ann',
    ],
    options: (command) =>
      withPasskey(command)
        .requiredOption('--site <site>', 'which site')
        .option('--people <profile>', 'who must sign what: solo, team or strict')
        .option('--add-signer <file>', 'public half of a signing key', collected, [])
        .option('--remove-signer <name or id>', 'a signer that goes', collected, [])
        .option('--add-owner <file>', 'public half of one more owner key', collected, [])
        .option('--quorum <count>', 'owners that must sign the charter after this one', wholeNumber(1, 16))
        .option('--stop-seconds <seconds>', 'time in which an ad-hoc order can be stopped', wholeNumber(0, 3_600))
        .option(
          '--rendered <count>',
          'signatures of an ad-hoc order that a command line must make; 0 lets passkeys order alone',
          wholeNumber(0, 4),
        )
        .option(
          '--canary <count>',
          'devices of an ad-hoc order that run alone first; 0: all at once',
          wholeNumber(0, 1_000),
        )
        .option(
          '--halt-percent <percent>',
          'failures at which the rest of an ad-hoc order is not run',
          wholeNumber(0, 100),
        )
        .option('--out <file>', 'where the proposal goes', 'charter-proposal.json'),
    run: async ({ context: { api }, options, now }) => {
      const current = await charterInForce(api, options.site);
      const passkey = await passkeySignerOf(options);
      const next = draftNextCharter(current, await changeOf(current, options, passkey?.signer), now);
      const proposal = { charter: canonicalJson(next), signatures: [] };
      await writeFile(options.out, `${JSON.stringify(proposal)}\n`, { mode: 0o600 });
      const shown = { difference: charterDifference(current, next), text: differenceText(current, next) };
      return { file: options.out, ...shown, fingerprint: passkey?.fingerprint ?? null };
    },
    text: ({ file, text, fingerprint }) =>
      [
        text,
        '',
        ...(fingerprint === null
          ? []
          : [
              `fingerprint of the passkey: ${fingerprint}`,
              'ask its holder to read it out from the page; if it differs, sign nothing',
              '',
            ]),
        `written to ${file}; an owner signs it with: rmm charter sign ${file}`,
      ].join('\n'),
  });
}

const SITE_OF = z.object({ site: z.string() });

async function openProposal(api: Api, file: string) {
  const { charter, signatures } = Proposal.parse(await jsonOf(file));
  const next = await readCharter({ charter, signatures: [] });
  const current = await charterInForce(api, SITE_OF.parse(next).site);
  return { next, current, charter, signatures };
}

interface Shown {
  text: string;
  difference: string[][];
  state: string;
}

function addDiff(charter: Command): void {
  act<Shown>(charter, 'diff <file>', {
    summary: 'what a proposal would change of the charter in force',
    examples: ['charter diff charter-proposal.json'],
    run: async ({ context: { api }, args: [file = ''] }) => {
      const { next, current, signatures } = await openProposal(api, file);
      const state = `${signatures.length} of ${current.quorum} owners have signed it`;
      return { text: differenceText(current, next), difference: charterDifference(current, next), state };
    },
    text: ({ text, state }) => `${text}\n\n${state}`,
  });
}

function addSign(charter: Command): void {
  act<Shown & { version: number | null }, { ownerKey?: string; yes?: boolean; data: string }>(charter, 'sign <file>', {
    summary: 'look at a proposal and sign it with --yes; with enough owners it comes into force at once',
    examples: ['charter sign charter-proposal.json --owner-key /media/usb/owner.key --yes'],
    options: (command) =>
      command
        .option('--owner-key <file>', 'the owner key, where it was exported to')
        .option('--yes', 'sign it; without this it is only shown'),
    run: async ({ context: { api }, args: [file = ''], options }) => {
      const { next, current, charter, signatures } = await openProposal(api, file);
      const shown = { text: differenceText(current, next), difference: charterDifference(current, next) };
      if (options.yes !== true) return { ...shown, state: 'if this is what should change, say --yes', version: null };
      const mine = await signCharter(next, [await loadOwner(ownerFile(options))]);
      const signed = SignedCharter.parse({ charter, signatures: [...signatures, ...mine.signatures] });
      await writeFile(file, `${JSON.stringify(signed)}\n`, { mode: 0o600 });
      const isEnough = await verifyCharter(signed, trustOf(current)).then(
        () => true,
        (error: unknown) => {
          if (error instanceof AppError && error.code === 'signature-invalid') return false;
          throw error;
        },
      );
      if (!isEnough) return { ...shown, state: `signed; ${current.quorum} owners must sign in all`, version: null };
      const { version } = await api.sites.putCharter({ id: next.site, signed });
      return { ...shown, state: `charter ${version} is in force`, version };
    },
    text: ({ text, state }) => `${text}\n\n${state}`,
  });
}

export function addProposalCommands(charter: Command): void {
  addPropose(charter);
  addDiff(charter);
  addSign(charter);
}
