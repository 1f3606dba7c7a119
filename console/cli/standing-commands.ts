// `rmm standing list, show, sign, withdraw`: what relays do by themselves when a trigger comes true.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import { inert } from '#shared/base/inert-text.ts';
import type { ActionSummary } from '#shared/contract/action-contract.ts';
import type { StandingSummary } from '#shared/contract/standing-contract.ts';
import { readStanding, signStanding } from '#shared/seal/standing-seal.ts';
import type { Api } from './client.ts';
import { siteNamed } from './named.ts';
import { table } from './output.ts';
import { loadSigner } from './signer-key.ts';
import { addStandingSign, shownText, standingId } from './standing-sign.ts';
import { triggerText } from './standing-text.ts';
import { act, look } from './verb.ts';

function lineOf({ id, state, signed, expiresAt, whyNot }: StandingSummary): string[] {
  const order = readStanding(signed);
  const [name, when] =
    order.kind === 'standing' ? [order.name, triggerText(order.trigger, (device) => device)] : ['-', '-'];
  const end = new Date(expiresAt).toISOString().slice(0, 10);
  return [id, inert(name), when, whyNot === null || state === 'withdrawn' ? state : `void: ${inert(whyNot)}`, end];
}

async function openOrder(api: Api, id: string) {
  const found = await api.standing.show({ id: standingId(id) });
  const order = readStanding(found.signed);
  if (order.kind !== 'standing' || order.id !== found.id)
    throw new AppError('signature-invalid', `the console shows something else as standing order ${id}`);
  return { found, order };
}

/** Newest first: what a person asks after. */
const RUNS_SHOWN = 10;

const runsText = (runs: readonly ActionSummary[]): string =>
  runs.length === 0
    ? 'it has not run yet'
    : table(
        ['RUN', 'AT', 'OUTCOMES'],
        runs.map(({ id, createdAt, counts }) => [
          id,
          new Date(createdAt).toISOString(),
          Object.entries(counts)
            .map(([state, count]) => `${count} ${state}`)
            .join(', '),
        ]),
      );

function addShow(standing: Command): void {
  look<{ state: string; text: string; whyNot: string | null; runs: ActionSummary[] }>(standing, 'show <id>', {
    summary: 'one standing order in plain words, from the text that was signed, and what its relay did under it',
    examples: ['standing show 01890000-0000-7000-8000-000000000000'],
    run: async ({ context: { api }, args: [id = ''] }) => {
      const { found, order } = await openOrder(api, id);
      const { items: runs } = await api.actions.list({ origin: `standing:${order.id}`, limit: RUNS_SHOWN });
      return { state: found.state, text: await shownText(api, order), whyNot: found.whyNot, runs };
    },
    text: ({ state, text, whyNot, runs }) =>
      [text, whyNot === null ? state : `does not fire: ${inert(whyNot)}`, runsText(runs)].join('\n\n'),
  });
}

function addWithdraw(standing: Command): void {
  act<{ id: string; told: boolean }, { reason: string; key?: string }>(standing, 'withdraw <id>', {
    summary: 'end a standing order: its relay never fires it again, and takes none of that id',
    examples: ['standing withdraw 01890000-0000-7000-8000-000000000000 --reason "the app is gone"'],
    options: (command) =>
      command
        .option('--reason <text>', 'why, for the audit', '')
        .option('--key <file>', 'a signing key of your own instead of the one in the data folder'),
    run: async ({ context: { api, data }, args: [id = ''], options: { reason, key }, now }) => {
      const { order } = await openOrder(api, id);
      const { site, relay } = order;
      const withdrawal = { v: 1, kind: 'withdrawal', id: order.id, site, relay, at: now, reason } as const;
      const signed = await signStanding(withdrawal, [await loadSigner(data, key)]);
      const { told } = await api.standing.put({ signed });
      return { id: order.id, told };
    },
    text: ({ id, told }) =>
      told
        ? `withdrawn ${id}; its relay was told`
        : `withdrawn ${id}; its relay is away and fires on until it hears of it`,
  });
}

export function addStandingCommands(program: Command): void {
  const standing = program.command('standing').description('orders that relays carry out by themselves on a trigger');
  look<StandingSummary[], { site?: string }>(standing, 'list', {
    summary: 'list standing orders, newest first',
    examples: ['standing list', 'standing list --site Berlin'],
    options: (command) => command.option('--site <site>', 'only those of a site'),
    run: async ({ context: { api }, options: { site } }) => {
      const query = site === undefined ? {} : { siteId: (await siteNamed(api, site)).id };
      return (await api.standing.list(query)).items;
    },
    text: (items) => table(['ID', 'NAME', 'WHEN', 'STATE', 'UNTIL'], items.map(lineOf)),
  });
  addShow(standing);
  addStandingSign(standing);
  addWithdraw(standing);
}
