// Gives an order: drafted and shown, signed on this machine, handed over, and followed to the last device.
import { AppError } from '#shared/base/errors.ts';
import { inert, inertLines } from '#shared/base/inert-text.ts';
import type { ActionOutcome } from '#shared/contract/action-contract.ts';
import type { DeviceTarget } from '#shared/contract/device-contract.ts';
import { restText } from './attempt-text.ts';
import type { CommandContext } from './command-context.ts';
import { followUntilStopped } from './follow-action.ts';
import { orderText } from './order-text.ts';
import { print, table } from './output.ts';
import { type RunDraft, type RunOrder, signRun } from './sign-run.ts';

export function outcomeText(outcomes: readonly ActionOutcome[]): string {
  const [only] = outcomes;
  if (outcomes.length === 1 && only !== undefined) {
    const text = inertLines(`${only.stdout ?? ''}${only.stderr ?? ''}`).trimEnd();
    const end =
      only.state === 'succeeded'
        ? ''
        : `${only.state}${only.exitCode === null ? '' : ` (exit ${only.exitCode})`}: ${inert(only.detail ?? '')}`;
    return [text, end].filter((part) => part !== '').join('\n');
  }
  const rows = outcomes.map((o) => [
    o.deviceName,
    o.state,
    o.exitCode === null ? '-' : String(o.exitCode),
    firstLine(o),
  ]);
  return `${table(['DEVICE', 'STATE', 'EXIT', 'OUTPUT'], rows)}${haltText(outcomes)}`;
}

/** The devices that were not begun say why; here it is said once, in full. */
function haltText(outcomes: readonly ActionOutcome[]): string {
  const halted = outcomes.filter(({ state }) => state === 'halted');
  const [first] = halted;
  if (first === undefined) return '';
  return `\nhalted: ${halted.length} of ${outcomes.length} devices were not begun; ${inert(first.detail ?? '')}\n`;
}

const firstLine = (outcome: ActionOutcome) =>
  (outcome.stdout ?? outcome.detail ?? '').split('\n')[0]?.slice(0, 80) ?? '';

/** Throws `conflict` when a device did not succeed; an order that lacks a signature waits at the console, and that is said. */
export async function giveOrder(
  context: CommandContext,
  targets: readonly DeviceTarget[],
  order: Omit<RunOrder, 'targets' | 'onDraft'>,
): Promise<void> {
  let draft: RunDraft | undefined;
  const onDraft = (made: RunDraft) => {
    draft = made;
    if (!context.output.isJson) process.stderr.write(`${draftText(made, targets)}\n\n`);
  };
  const signed = await signRun(context.api, context.data, { ...order, targets, onDraft }, context.clock);
  const { ids } = await context.api.actions.submit({ signed });
  if (draft?.lacks !== undefined)
    return print(context.output, { ids, lacks: draft.lacks }, () => waitsText(ids, draft?.lacks));
  const stopMs = draft?.rule.stopMs ?? 0;
  const endsMs = Math.max(0, ...(draft?.manifests ?? []).map(({ exp, nbf }) => exp - nbf));
  // A relay that takes the order in its last second still has the whole time-out to run it.
  const deadlineMs = endsMs + order.timeoutMs;
  const outcomes = await followUntilStopped(context, ids, { deadlineMs, stopMs });
  const until = Math.max(0, ...(draft?.manifests ?? []).map(({ exp }) => exp));
  print(context.output, { ids, outcomes }, () => `${outcomeText(outcomes)}${restText(outcomes, ids, until)}`);
  const bad = outcomes.filter((outcome) => outcome.state !== 'succeeded').length;
  if (bad > 0) throw new AppError('conflict', `${bad} of ${outcomes.length} devices did not succeed`);
}

/** Handed over without being followed: an order that changes nothing on a device. `lacks` says who has to sign it too. */
export async function handOver(
  { api, data, clock }: Pick<CommandContext, 'api' | 'data' | 'clock'>,
  order: Omit<RunOrder, 'onDraft'>,
): Promise<{ ids: string[]; lacks: string | undefined }> {
  let lacks: string | undefined;
  const onDraft = (made: RunDraft) => {
    lacks = made.lacks;
  };
  const { ids } = await api.actions.submit({ signed: await signRun(api, data, { ...order, onDraft }, clock) });
  return { ids, lacks };
}

const draftText = ({ manifests, rule }: RunDraft, targets: readonly DeviceTarget[]): string => {
  const names = new Map<string, string>(targets.map(({ id, name }) => [id, name]));
  return orderText({ manifests, rule, nameOf: ({ device }) => names.get(device) ?? device });
};

export const waitsText = (ids: readonly string[], lacks = ''): string =>
  `signed, and it waits: ${lacks}\nanother person looks at it and signs it with: rmm action sign ${ids[0] ?? ''}`;
