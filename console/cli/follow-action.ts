// Waits until an action has a final state on every device, reading it again and again with a cap on the pace.

import type { Clock } from '#shared/base/clock.ts';
import { AppError } from '#shared/base/errors.ts';
import type { ActionOutcome } from '#shared/contract/action-contract.ts';
import { FINAL_COMMAND_STATES } from '#shared/model/record.ts';
import { isAtRest } from './attempt-text.ts';
import type { Api } from './client.ts';
import type { CommandContext } from './command-context.ts';

// Starts quick for one device, ends at a pace that 500 outcomes a page do not feel.
const FIRST_WAIT_MS = 50;
const LAST_WAIT_MS = 500;

export interface FollowOptions {
  clock: Clock;
  deadlineMs: number;
  signal: AbortSignal;
  /** `waiting`: orders whose relay hears of them when the first relay is through. */
  onProgress?: (done: number, total: number, waiting: number) => void;
}

/** 60 s: a relay that has not taken its order by then is away, and who waits at a terminal need not wait for it. */
const UNHEARD_MS = 60_000;

type FollowedAction = Awaited<ReturnType<Api['actions']['show']>>;

/**
 * The outcomes of all actions, once all are final, or only devices and relays that are away are left; throws `timed-out` naming
 * how many are missing.
 */
export async function followActions(
  api: Api,
  ids: readonly string[],
  options: FollowOptions,
): Promise<ActionOutcome[]> {
  const begun = options.clock.monotonic();
  const until = begun + options.deadlineMs;
  let wait = FIRST_WAIT_MS;
  const over = new Map<string, FollowedAction>();
  for (;;) {
    const actions = await Promise.all(ids.map(async (id) => over.get(id) ?? (await api.actions.show({ id }))));
    // What is over stays as it is: of twenty relays only those that still work are asked again.
    for (const action of actions) if (action.state === 'settled') over.set(action.id, action);
    const outcomes = actions.flatMap((action) => action.outcomes);
    const total = actions.reduce((sum, action) => sum + action.targets, 0);
    const done = outcomes.filter((outcome) => FINAL_COMMAND_STATES.has(outcome.state)).length;
    const waiting = actions.filter(({ state, waitsFor }) => state === 'queued' && waitsFor !== null).length;
    options.onProgress?.(done, total, waiting);
    const isUnheard = options.clock.monotonic() - begun > UNHEARD_MS;
    const atRest = actions.flatMap((action) =>
      action.outcomes.filter((one) => isAtRest(one) || (isUnheard && action.waitsFor === null && isUntaken(one))),
    );
    if (atRest.length >= total) return outcomes;
    if (options.clock.monotonic() > until)
      throw new AppError('timed-out', `${total - done} of ${total} devices have no outcome yet`);
    await options.clock.sleep(wait, options.signal);
    wait = Math.min(LAST_WAIT_MS, wait * 1.5);
  }
}

const isUntaken = ({ state }: ActionOutcome): boolean => state === 'queued' || state === 'sent';

/** The same for a person at the terminal: Ctrl-C stops the order at its relays, before its start or while it runs. */
export async function followUntilStopped(
  { api, clock, progress }: Pick<CommandContext, 'api' | 'clock' | 'progress'>,
  ids: readonly string[],
  { deadlineMs, stopMs }: { deadlineMs: number; stopMs: number },
): Promise<ActionOutcome[]> {
  const stop = new AbortController();
  const onSignal = () => stop.abort(new AppError('conflict', 'stopped by you'));
  process.once('SIGINT', onSignal);
  const startsAt = clock.monotonic() + stopMs;
  const onProgress = (done: number, total: number, waiting: number) => {
    const relays = waiting === 0 ? '' : `, ${waiting} relays wait for the first`;
    const restMs = startsAt - clock.monotonic();
    progress(
      done === 0 && restMs > 0
        ? `starts in ${Math.ceil(restMs / 1_000)} s; Ctrl-C stops it`
        : `${done}/${total}${relays}`,
    );
  };
  try {
    return await followActions(api, ids, { clock, deadlineMs, signal: stop.signal, onProgress });
  } catch (error) {
    if (stop.signal.aborted) for (const id of ids) await api.actions.cancel({ id });
    throw error;
  } finally {
    process.removeListener('SIGINT', onSignal);
    progress('');
  }
}
