// `rmm credential approve`: names host keys of machines that get no login yet; one signature covers them all.
import type { Command } from 'commander';
import { AppError } from '#shared/base/errors.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { HostKeyFingerprint } from '#shared/model/credential.ts';
import type { CommandContext } from './command-context.ts';
import { followActions } from './follow-action.ts';
import { handOver } from './give-order.ts';
import { deviceNamed } from './named.ts';
import { table } from './output.ts';
import { act } from './verb.ts';

/** How long a relay that is away may still take it; nothing is run on the device. */
const WAIT_MS = 60_000;

interface Approval {
  device: string;
  hostKey: string;
  /** `shown` until it is signed. */
  state: string;
}

interface Named {
  word: string;
  hostKey: string;
}

/** "web-1=SHA256:...": the key as the machine's own screen shows it. */
export function namedHostKey(text: string): Named {
  const at = text.indexOf('=SHA256:');
  const hostKey = HostKeyFingerprint.safeParse(text.slice(at + 1));
  if (at < 1 || !hostKey.success)
    throw new AppError('bad-request', `"${text}": expected <device>=SHA256:... as ssh-keygen -l prints it`);
  return { word: text.slice(0, at), hostKey: hostKey.data };
}

async function targetsOf({ api }: CommandContext, named: readonly Named[]): Promise<DeviceTarget[]> {
  const ids = await Promise.all(named.map(({ word }) => deviceNamed(api, word)));
  const { targets } = await api.devices.targets({ devices: ids });
  return ids.map((id, index) => {
    const target = targets.find((one) => one.id === id);
    const { word, hostKey } = named[index] ?? { word: id, hostKey: '' };
    if (target === undefined) throw new AppError('not-found', `no device ${word}`);
    return { ...target, identity: { ...target.identity, hostKey } };
  });
}

async function approve(context: CommandContext, targets: readonly DeviceTarget[], reason: string): Promise<Approval[]> {
  const { api, clock } = context;
  const action = { name: 'identity.accept' as const, arguments: {} };
  const bounds = { timeoutMs: WAIT_MS, outputBytes: 0, concurrency: 1, validForMs: WAIT_MS };
  const { ids, lacks } = await handOver(context, { targets, action, reason, ...bounds });
  if (lacks !== undefined)
    return targets.map(({ name, identity }) => ({
      device: name,
      hostKey: identity.hostKey ?? '',
      state: `waits: ${lacks}; rmm action sign ${ids[0] ?? ''}`,
    }));
  const signal = new AbortController().signal;
  const outcomes = await followActions(api, ids, { clock, deadlineMs: 2 * WAIT_MS, signal });
  return targets.map(({ id, name, identity }) => ({
    device: name,
    hostKey: identity.hostKey ?? '',
    state: outcomes.find((one) => one.deviceId === id)?.state ?? 'unknown',
  }));
}

export function addApproveCommand(credential: Command): void {
  act<Approval[], { yes?: boolean; reason: string }>(credential, 'approve <devices...>', {
    summary: 'name the host keys of machines that get no login yet: new, moved or rebuilt ones',
    examples: ['credential approve web-1=SHA256:... web-2=SHA256:... --yes'],
    options: (command) =>
      command
        .option('--yes', 'sign it; without this only what would be signed is shown')
        .option('--reason <text>', 'why, for the audit', ''),
    run: async ({ context, args, options: { yes, reason } }) => {
      const targets = await targetsOf(context, args.map(namedHostKey));
      if (yes === true) return approve(context, targets, reason);
      return targets.map(({ name, identity }) => ({ device: name, hostKey: identity.hostKey ?? '', state: 'shown' }));
    },
    text: (approvals, { options: { yes } }) => {
      const rows = approvals.map(({ device, hostKey, state }) => [device, hostKey, state]);
      const hint = yes === true ? '' : 'compare each with the machine itself; if all are right, say --yes\n';
      return `${table(['DEVICE', 'HOST KEY', 'STATE'], rows)}${hint}`;
    },
  });
}
