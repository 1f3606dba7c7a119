// `rmm charter show`, `first` and `caps`: the site's trust document, changed only with the owner key at hand.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { Caps } from '#shared/model/charter.ts';
import { draftFirstCharter, draftNextCharter } from '#shared/seal/charter-draft.ts';
import { readCharter, signCharter } from '#shared/seal/charter-seal.ts';
import { addProposalCommands } from './charter-proposal.ts';
import { charterText } from './charter-text.ts';
import { contextOf, withConnection } from './command-context.ts';
import { siteNamed } from './named.ts';
import { print } from './output.ts';
import { loadOwner, ownerFile, paperOwner } from './owner-key.ts';
import { loadSigner } from './signer-key.ts';
import { wholeNumber } from './verb.ts';

interface CapsOptions {
  site: string;
  ownerKey?: string;
  devicesPerOrder?: number;
  devicesPerTenMinutes?: number;
  data: string;
}

function changedCaps(caps: Caps, options: CapsOptions): Caps {
  const parsed = Caps.safeParse({
    ...caps,
    ...(options.devicesPerOrder === undefined ? {} : { devicesPerManifest: options.devicesPerOrder }),
    ...(options.devicesPerTenMinutes === undefined ? {} : { devicesPerTenMinutes: options.devicesPerTenMinutes }),
  });
  if (!parsed.success) throw new AppError('bad-request', `caps: ${parsed.error.issues[0]?.message ?? 'out of range'}`);
  return parsed.data;
}

function addFirst(charter: Command): void {
  withConnection(
    charter
      .command('first')
      .description('sign the first charter of a site that was made after the owner key was exported')
      .requiredOption('--site <site>', 'which site')
      .option('--owner-key <file>', 'the owner key, where it was exported to'),
  ).action(async (options: { site: string; data: string; ownerKey?: string }, command: Command) => {
    const { api, output, clock, data } = await contextOf(command);
    const { id: site } = await siteNamed(api, options.site);
    const owner = await loadOwner(ownerFile(options));
    const cliSigner = (await loadSigner(data)).publicKey;
    const first = draftFirstCharter({
      site,
      owner: owner.publicKey,
      paper: paperOwner(data),
      cliSigner,
      now: clock.now(),
    });
    const made = await api.sites.putCharter({ id: site, signed: await signCharter(first, [owner]) });
    print(output, made, () => `charter ${made.version} is in force\n${charterText(first)}`);
  });
}

export function addCharterCommands(program: Command): void {
  const charter = program.command('charter').description('the trust document of a site');
  addFirst(charter);
  addProposalCommands(charter);
  withConnection(
    charter.command('show').description('signers and caps').requiredOption('--site <site>', 'which site'),
  ).action(async (options: { site: string }, command: Command) => {
    const { api, output } = await contextOf(command);
    const { signed } = await api.sites.charter({ id: (await siteNamed(api, options.site)).id });
    const read = await readCharter(signed);
    print(output, read, () => charterText(read));
  });
  withConnection(
    charter
      .command('caps')
      .description('sign the next charter with other caps')
      .requiredOption('--site <site>', 'which site')
      .option('--owner-key <file>', 'the owner key, where it was exported to')
      .option('--devices-per-order <count>', 'devices one order may name', wholeNumber(1, 10_000))
      .option('--devices-per-ten-minutes <count>', 'device executions in any ten minutes', wholeNumber(1, 100_000)),
  ).action(async (options: CapsOptions, command: Command) => {
    const { api, output, clock } = await contextOf(command);
    const { id } = await siteNamed(api, options.site);
    const owner = await loadOwner(ownerFile(options));
    const { signed } = await api.sites.charter({ id });
    const current = await readCharter(signed);
    const next = draftNextCharter(current, { caps: changedCaps(current.caps, options) }, clock.now());
    const made = await api.sites.putCharter({ id, signed: await signCharter(next, [owner]) });
    print(
      output,
      { version: made.version, caps: next.caps },
      () => `charter ${made.version} is in force\n${charterText(next)}`,
    );
  });
}
