// What was tried on devices that did not begin an order, and what waits for them, for people at a terminal.
import { inert } from '#shared/base/inert-text.ts';
import type { ActionOutcome } from '#shared/contract/action-contract.ts';
import { FINAL_COMMAND_STATES } from '#shared/model/record.ts';
import { age, table } from './output.ts';

/** What each class of failure calls for, in the words of a person. */
const CALLS_FOR: Readonly<Record<ActionOutcome['attempts'][number]['class'], string>> = {
  transient: 'transient: tried again soon',
  device: 'device: waits until it is back',
  configuration: 'configuration: an administrator has to mend it',
  fatal: 'fatal: stopped',
};

/** One line for each try; empty when every device began at once. */
export function attemptsText(outcomes: readonly ActionOutcome[], now: number): string {
  const rows = outcomes.flatMap(({ deviceName, attempts }) =>
    attempts.map(({ n, at, class: kind, reason, detail, nextAt }) => [
      deviceName,
      String(n),
      age(at, now),
      CALLS_FOR[kind],
      nextAt === null ? '-' : new Date(nextAt).toISOString(),
      inert(`${reason ?? ''}: ${detail ?? ''}`).slice(0, 100),
    ]),
  );
  return rows.length === 0 ? '' : table(['DEVICE', 'TRY', 'WHEN', 'CLASS', 'NEXT AT THE LATEST', 'WHY'], rows);
}

/** Nothing is to be heard of it in the next moments: it is done, or the device is away. */
export const isAtRest = ({ state, attempts }: Pick<ActionOutcome, 'state' | 'attempts'>): boolean =>
  FINAL_COMMAND_STATES.has(state) || (state === 'waiting' && attempts.at(-1)?.class !== 'transient');

/** What a person who followed an order has to know of those that did not begin; empty when none is left. */
export function restText(outcomes: readonly ActionOutcome[], ids: readonly string[], until: number): string {
  const left = outcomes.filter(({ state }) => !FINAL_COMMAND_STATES.has(state)).length;
  if (left === 0) return '';
  const cancel = ids.map((id) => `rmm action cancel ${id}`).join('; ');
  return `\n${left} of ${outcomes.length} devices are away, or their relay is: the order waits for them until ${new Date(until).toISOString()}\nstop it with: ${cancel}`;
}
