// `rmm action sign`: a second person looks at what waits, rendered here from the manifests, and signs exactly that.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Manifest, SignedManifest } from '#shared/model/manifest.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { readManifest, signStatement, statementFor } from '#shared/seal/manifest-seal.ts';
import { tierRule } from '#shared/seal/profile-tiers.ts';
import type { Api } from './client.ts';
import { orderText } from './order-text.ts';
import { loadSigner } from './signer-key.ts';
import { act } from './verb.ts';

/**
 * The one statement that covers all of `signed`, and every manifest under it. A console that shows a part of a batch,
 * or parts of two, is caught here: what is not shown would be signed unseen.
 */
export async function openBatch(
  signed: readonly SignedManifest[],
): Promise<{ statement: string; manifests: Manifest[] }> {
  const [first] = signed;
  if (first === undefined) throw new AppError('not-found', 'nothing waits for a signature there');
  const statement = await statementFor(first);
  for (const one of signed)
    if ((await statementFor(one)) !== statement)
      throw new AppError('signature-invalid', 'the console shows manifests of two batches as one');
  const manifests = signed.map(({ manifest }) => readManifest(manifest));
  const places = new Set(signed.map(({ batch }) => batch.index)).size;
  const devices = manifests.reduce((sum, { targets }) => sum + targets.length, 0);
  if (places !== first.batch.count || signed.length !== places || devices !== first.batch.total)
    throw new AppError(
      'signature-invalid',
      `the console shows ${devices} of the ${first.batch.total} devices this signature would reach`,
    );
  return { statement, manifests };
}

async function shownText(api: Api, manifests: readonly Manifest[]): Promise<string> {
  const [first] = manifests;
  if (first === undefined) return '';
  const charter = await readCharter((await api.sites.charter({ id: first.site })).signed);
  const devices = manifests.flatMap(({ targets }) => targets.map(({ device }) => device));
  const { targets } = await api.devices.targets({ devices });
  const names = new Map<string, string>(targets.map(({ id, name }) => [id, name]));
  const rule = tierRule(charter, tierOf(first.action));
  return orderText({ manifests, rule, nameOf: ({ device }) => names.get(device) ?? device });
}

interface Signed {
  text: string;
  ids: string[];
  lacks: string | null;
  isSigned: boolean;
}

export function addSignCommand(action: Command): void {
  act<Signed, { yes?: boolean; key?: string }>(action, 'sign <id>', {
    summary: 'look at an order that waits for another person, and sign it with --yes',
    examples: [
      'action sign 01890000-0000-7000-8000-000000000000',
      'action sign 01890000-0000-7000-8000-000000000000 --yes',
    ],
    options: (command) =>
      command
        .option('--yes', 'sign it; without this it is only shown')
        .option('--key <file>', 'a signing key of your own instead of the one in the data folder'),
    run: async ({ context: { api, data }, args: [id = ''], options }) => {
      const { signed } = await api.actions.batch({ id });
      const { statement, manifests } = await openBatch(signed);
      const text = await shownText(api, manifests);
      const ids = manifests.map((manifest) => manifest.id);
      if (options.yes !== true) return { text, ids, lacks: null, isSigned: false };
      const signature = await signStatement(statement, await loadSigner(data, options.key));
      return { text, isSigned: true, ...(await api.actions.sign({ id, signature })) };
    },
    text: ({ text, lacks, isSigned }) => {
      const end = isSigned ? (lacks ?? 'signed; it is on its way') : 'if this is what should happen, say --yes';
      return `${text}\n\n${end}`;
    },
  });
}
