// `rmm device accept`, `rmm action list, show, cancel`: orders beside the running of commands.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { ActionSummary } from '#shared/contract/action-contract.ts';
import type { DeviceIdentity } from '#shared/model/device-identity.ts';
import { attemptsText } from './attempt-text.ts';
import type { Api } from './client.ts';
import { contextOf, withConnection } from './command-context.ts';
import { followActions } from './follow-action.ts';
import { handOver, outcomeText, waitsText } from './give-order.ts';
import { age, print, table } from './output.ts';
import { addRenewCommand, ageText } from './renew-action-command.ts';
import { addSignCommand } from './sign-action-command.ts';
import { act, look, wholeNumber } from './verb.ts';

const KINDS = ['smbiosUuid', 'serial', 'machineId', 'macs', 'hostKey'] as const;

/** How long a relay that is away may still take it, and how long it may work on it: nothing is run on the device. */
const WAIT_MS = 60_000;

interface Shown {
  identity: DeviceIdentity | null;
  seenIdentity: DeviceIdentity | null;
}

/** The identity to pin: what was seen, else what is pinned, with a host key as the machine's own screen shows it. */
export function identityToAccept({ identity, seenIdentity }: Shown, hostKey: string | undefined): DeviceIdentity {
  const base = seenIdentity ?? (hostKey === undefined ? null : (identity ?? { macs: [] }));
  if (base === null)
    throw new AppError('conflict', 'nothing was seen that differs; for a new SSH host key name it with --host-key');
  return hostKey === undefined ? base : { ...base, hostKey };
}

const textOf = (identity: DeviceIdentity | null, kind: (typeof KINDS)[number]): string =>
  kind === 'macs' ? (identity?.macs.join(' ') ?? '') : (identity?.[kind] ?? '');

function comparison(before: DeviceIdentity | null, after: DeviceIdentity): string {
  const rows = KINDS.map((kind) => [kind, textOf(before, kind) || '-', textOf(after, kind) || '-']);
  return table(['', 'PINNED', 'TO BE PINNED'], rows);
}

interface AcceptOptions {
  hostKey?: string;
  yes?: boolean;
  reason: string;
}

async function accept(name: string, options: AcceptOptions, command: Command): Promise<void> {
  const context = await contextOf(command);
  const { api, clock, output } = context;
  const { targets } = await api.devices.targets({ devices: [name] });
  const [target] = targets;
  if (target === undefined) throw new AppError('not-found', `no device ${name}`);
  const shown = await api.devices.show({ id: target.id });
  const identity = identityToAccept(shown, options.hostKey);
  if (options.yes !== true) {
    const text = `${comparison(shown.identity, identity)}\nlook at the machine itself; if this is it, say --yes`;
    return print(output, { pinned: shown.identity, toBePinned: identity }, () => text);
  }
  const order = {
    targets: [{ ...target, identity }],
    action: { name: 'identity.accept' as const, arguments: {} },
    timeoutMs: WAIT_MS,
    outputBytes: 0,
    concurrency: 1,
    reason: options.reason,
    validForMs: WAIT_MS,
  };
  const { ids, lacks } = await handOver(context, order);
  if (lacks !== undefined) return print(output, { ids, lacks }, () => waitsText(ids, lacks));
  const signal = new AbortController().signal;
  const [outcome] = await followActions(api, ids, { clock, deadlineMs: 2 * WAIT_MS, signal });
  print(output, { ids, outcome }, () => `${target.name}: ${outcome?.state ?? 'unknown'}`);
  if (outcome?.state !== 'succeeded') throw new AppError('conflict', `${name}: ${outcome?.detail ?? 'not accepted'}`);
}

export function addAcceptCommand(device: Command): void {
  withConnection(
    device
      .command('accept <device>')
      .description('say that the machine that answers now is this device: it was rebuilt, or its host key is new')
      .option('--host-key <fingerprint>', 'its new SSH host key, "SHA256:...", read from the machine itself')
      .option('--yes', 'sign it; without this only what would change is shown')
      .option('--reason <text>', 'why, for the audit', ''),
  ).action(accept);
}

/** What waits is among what is not settled: queued here, or taken by a relay that says so of a device. */
async function listed(api: Api, limit: number, isWaiting: boolean): Promise<ActionSummary[]> {
  if (!isWaiting) return (await api.actions.list({ limit })).items;
  const [queued, sent] = await Promise.all([
    api.actions.list({ limit, state: 'queued' }),
    api.actions.list({ limit, state: 'sent' }),
  ]);
  const waits = ({ counts }: ActionSummary) => (counts['waiting'] ?? 0) + (counts['sent'] ?? 0) > 0;
  return [...queued.items, ...sent.items.filter(waits)].toSorted((a, b) => b.createdAt - a.createdAt).slice(0, limit);
}

export function addActionCommands(program: Command): void {
  const action = program.command('action').description('what was ordered, and what came of it');
  look<ActionSummary[], { limit: number; waiting?: boolean }>(action, 'list', {
    summary: 'list what was ordered, newest first',
    examples: ['action list', 'action list --waiting', 'action list --watch'],
    options: (command) =>
      command
        .option('--limit <count>', 'at most so many', wholeNumber(1, 1_000), 50)
        .option('--waiting', 'only what waits for a relay or a device that is away'),
    run: ({ context: { api }, options: { limit, waiting } }) => listed(api, limit, waiting === true),
    text: (items, { context }) =>
      table(
        ['ID', 'WHEN', 'UNTIL', 'WHAT', 'STATE', 'DEVICES', 'REASON'],
        items.map((one) => [
          one.id,
          age(one.createdAt, context.clock.now()),
          one.state === 'settled' ? '-' : new Date(one.expiresAt).toISOString(),
          one.name,
          one.state,
          Object.entries(one.counts)
            .map(([state, count]) => `${count} ${state}`)
            .join(', '),
          one.reason,
        ]),
      ),
  });
  look(action, 'show <id>', {
    summary: 'one order with its outcome on each device',
    examples: ['action show 01890000-0000-7000-8000-000000000000'],
    run: ({ context: { api }, args: [id = ''] }) => api.actions.show({ id }),
    text: (one, { context }) =>
      [outcomeText(one.outcomes), attemptsText(one.outcomes, context.clock.now()), ageText(one, one.outcomes)]
        .filter((part) => part !== '')
        .join('\n'),
  });
  addSignCommand(action);
  addRenewCommand(action);
  act<{ cancelled: string }>(action, 'cancel <id>', {
    summary: 'stop an order; what runs is killed on its device',
    examples: ['action cancel 01890000-0000-7000-8000-000000000000'],
    run: async ({ context: { api }, args: [id = ''] }) => {
      await api.actions.cancel({ id });
      return { cancelled: id };
    },
    text: ({ cancelled }) => `cancelled ${cancelled}`,
  });
}
