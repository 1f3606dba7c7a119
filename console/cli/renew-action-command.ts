// `rmm action renew`: an order that no relay took in its time is signed anew, with the same content, for the devices it did not reach.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { ActionOutcome, ActionSummary } from '#shared/contract/action-contract.ts';
import { readManifest } from '#shared/seal/manifest-seal.ts';
import { contextOf, withConnection } from './command-context.ts';
import { giveOrder } from './give-order.ts';
import { DAY_SECONDS, WAIT_WORDS } from './order-options.ts';
import { wholeNumber } from './verb.ts';

/** Nothing was begun on these, and nothing of the order will be. */
const NOT_REACHED: ReadonlySet<string> = new Set(['expired', 'refused', 'halted', 'cancelled']);

export const notReached = (outcomes: ReadonlyArray<Pick<ActionOutcome, 'deviceId' | 'state'>>): string[] =>
  outcomes.filter(({ state }) => NOT_REACHED.has(state)).map(({ deviceId }) => deviceId);

/** What a person who looks at an order has to know of its signature; empty when it is done, or under way. */
export function ageText(
  { id, state, waitsFor }: Pick<ActionSummary, 'id' | 'state' | 'waitsFor'>,
  outcomes: readonly ActionOutcome[],
): string {
  const isOld = outcomes.some((one) => one.state === 'expired' || one.reason === 'manifest-expired');
  if (state === 'settled' && isOld)
    return `no relay took it in its time; sign it anew with the same content: rmm action renew ${id}`;
  if (state === 'queued' && waitsFor !== null)
    return 'it waits for the first relay of its batch; when that takes longer than its tier lets a signature be old, it has to be signed anew';
  return '';
}

interface RenewOptions {
  wait: number;
  key?: string;
}

async function renew(id: string, options: RenewOptions, command: Command): Promise<void> {
  const context = await contextOf(command);
  const found = await context.api.actions.show({ id });
  if (found.state !== 'settled')
    throw new AppError('conflict', `order ${id} is under way; stop it first: rmm action cancel ${id}`);
  const devices = notReached(found.outcomes);
  if (devices.length === 0) throw new AppError('conflict', `order ${id} reached every device`);
  const { action, reason, caps, rollout } = readManifest(found.manifest);
  const { targets } = await context.api.devices.targets({ devices });
  await giveOrder(context, targets, {
    ...{ action, reason, rollout, keyFile: options.key },
    ...{ timeoutMs: caps.timeoutMs, outputBytes: caps.outputBytes, concurrency: caps.concurrency },
    validForMs: options.wait * 1_000,
  });
}

export function addRenewCommand(action: Command): void {
  withConnection(
    action
      .command('renew <id>')
      .description('sign an order anew for the devices it did not reach: the same content, shown before it is signed')
      .option('--wait <seconds>', WAIT_WORDS, wholeNumber(1, 86_400), DAY_SECONDS)
      .option('--key <file>', 'a signing key of your own instead of the one in the data folder')
      .addHelpText('after', '\nExamples:\n  rmm action renew 01890000-0000-7000-8000-000000000000'),
  ).action(renew);
}
