// `rmm action sign`: a second person looks at what waits, rendered here from the manifests, and signs exactly that.
import type { Command } from 'commander';
import { tierOf } from '#shared/model/action-tier.ts';
import type { Charter } from '#shared/model/charter.ts';
import type { Manifest } from '#shared/model/manifest.ts';
import { openBatch } from '#shared/seal/batch-open.ts';
import { readCharter } from '#shared/seal/charter-seal.ts';
import { signStatement } from '#shared/seal/manifest-seal.ts';
import { strictestRule } from '#shared/seal/order-draft.ts';
import type { Api } from './client.ts';
import { assertLookedAt, rememberLook } from './looked-at.ts';
import { orderText } from './order-text.ts';
import { loadSigner } from './signer-key.ts';
import { act } from './verb.ts';

async function shownText(api: Api, manifests: readonly Manifest[]): Promise<string> {
  const [first] = manifests;
  if (first === undefined) return '';
  const charters: Charter[] = [];
  for (const id of new Set(manifests.map(({ site }) => site)))
    charters.push(await readCharter((await api.sites.charter({ id })).signed));
  const devices = manifests.flatMap(({ targets }) => targets.map(({ device }) => device));
  const { targets } = await api.devices.targets({ devices });
  const names = new Map<string, string>(targets.map(({ id, name }) => [id, name]));
  const rule = strictestRule(charters, tierOf(first.action));
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
      if (options.yes !== true) {
        await rememberLook(data, id, statement);
        return { text, ids, lacks: null, isSigned: false };
      }
      await assertLookedAt(data, id, statement);
      const signature = await signStatement(statement, await loadSigner(data, options.key));
      return { text, isSigned: true, ...(await api.actions.sign({ id, signature })) };
    },
    text: ({ text, lacks, isSigned }) => {
      const end = isSigned ? (lacks ?? 'signed; it is on its way') : 'if this is what should happen, say --yes';
      return `${text}\n\n${end}`;
    },
  });
}
