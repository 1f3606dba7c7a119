// The states of a command on one device, and which moves between them exist. Pure.
import { CommandState, FINAL_COMMAND_STATES } from '#shared/model/record.ts';

/** Forward only: a record that comes twice or late never takes back what is known. */
const RANK: Record<CommandState, number> = {
  queued: 0,
  sent: 1,
  accepted: 2,
  waiting: 3,
  started: 4,
  succeeded: 5,
  failed: 5,
  expired: 5,
  refused: 5,
  cancelled: 5,
  halted: 5,
  unknown: 5,
};

export const isFinal = (state: CommandState): boolean => FINAL_COMMAND_STATES.has(state);

/** A device that waits is tried again and waits on. */
export const mayMove = (from: CommandState, to: CommandState): boolean =>
  RANK[to] > RANK[from] || (from === 'waiting' && to === 'waiting');

export const OPEN_STATES: readonly CommandState[] = CommandState.options.filter((state) => !isFinal(state));
/** No relay said yet that it has it. */
export const UNHEARD_STATES: readonly CommandState[] = ['queued', 'sent'];
